import { deployment, dockerOk } from './docker.ts'

/** Both images, once for all suites: the panel's is compiled inside, the edge's copies what `./argos build` made. */
export default async function buildImages(): Promise<void> {
  if (!process.env.TEST_DOCKER) throw new Error('there is no engine: `./argos test docker` starts one')
  await using some = await deployment()
  await some.ok('build', 'panel')
  await some.ok('build', '--build-arg', 'EDGE_SOURCE=.cache/edge', 'edge')
  // What earlier builds left without a name; the newest stays, so that the next build finds its layers.
  await dockerOk('image', 'prune', '--force', '--filter', 'until=72h')
}
