import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Compose is built from the Go module registry: its releases are not packaged by Debian. */
export const COMPOSE = 'v2.40.3'

/** What the images stand on, as the Dockerfiles name it: their text is the one truth. */
export function baseImages(root: string): {
  readonly node: string
  readonly go: string
  readonly debian: string
} {
  const files = ['edge', 'panel'].map((name) => readFileSync(join(root, `docker/${name}.Dockerfile`), 'utf8'))
  const read = (name: string): string => {
    const [, image] = new RegExp(`^ARG ${name}=(\\S+)$`, 'm').exec(files.join('\n')) ?? []
    if (image === undefined) throw new Error(`no Dockerfile has a default for ${name}`)
    return image
  }
  return { node: read('NODE_IMAGE'), go: read('GO_IMAGE'), debian: read('DEBIAN_IMAGE') }
}
