import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findProgram } from '../../../packages/testkit/src/tools.ts'
import { run } from '../child.ts'
import { baseImages } from './versions.ts'

interface Where {
  readonly root: string
  readonly docker: string
  readonly env: Readonly<Record<string, string>>
}

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt'

/**
 * Stand-ins for the official images, under their tags: no registry of images is needed. Debian's comes from its own
 * packages; Node's has the pinned Node and this machine's npm; Go's has no compiler unless `withGo` says so.
 */
export async function importBases(where: Where, withGo: string | null = null): Promise<void> {
  const { debian, node, go } = baseImages(where.root)
  const missing: string[] = []
  for (const image of [debian, node, go]) if (!(await has(where, image))) missing.push(image)
  if (missing.includes(debian)) await importDebian(where, debian)
  if (missing.includes(node)) await build(where, node, nodeOn(debian, where))
  if (missing.includes(go) || withGo) await build(where, go, goOn(debian, withGo))
}

const has = async ({ root, docker, env }: Where, image: string): Promise<boolean> =>
  (await run(root, { name: 'image-inspect', command: docker, args: ['image', 'inspect', image], env })).ok

async function importDebian({ root, docker, env }: Where, image: string): Promise<void> {
  process.stdout.write(`    Making ${image} from Debian's packages\n`)
  const folder = mkdtempSync(join(tmpdir(), 'debian-'))
  const script = `set -eu
    debootstrap --variant=minbase --include=libatomic1 bookworm "$1/root"
    rm -rf "$1"/root/var/cache/apt/archives/*.deb "$1"/root/var/lib/apt/lists/*
    tar -C "$1/root" -c . | "$2" import --change 'CMD ["bash"]' - "$3"`
  const args = ['-c', script, 'sh', folder, docker, image]
  const { ok } = await run(root, { name: 'debootstrap', command: '/bin/sh', args, env })
  rmSync(folder, { recursive: true, force: true })
  if (!ok) throw new Error(`${image} could not be made`)
}

/** Fills the context of an image and answers its Dockerfile. */
type Filling = (context: string) => string

const nodeOn =
  (debian: string, { root }: Where): Filling =>
  (context) => {
    const npm = findProgram('npm')
    if (npm === null) throw new Error('npm is missing')
    // npm's own folder, from bin/npm-cli.js in it.
    cpSync(dirname(dirname(realpathSync(npm))), join(context, 'npm'), { recursive: true, dereference: true })
    cpSync(realpathSync(join(root, 'node_modules/.bin/node')), join(context, 'node'))
    return `FROM ${debian}
COPY ca.crt ${BUNDLE}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN chmod 755 /usr/local/bin/node \\
  && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \\
  && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
ENV NODE_EXTRA_CA_CERTS=${BUNDLE}
CMD ["node"]
`
  }

const goOn =
  (debian: string, toolchain: string | null): Filling =>
  (context) => {
    mkdirSync(join(context, 'go'))
    if (toolchain) cpSync(toolchain, join(context, 'go'), { recursive: true })
    return `FROM ${debian}
COPY ca.crt ${BUNDLE}
COPY go /usr/local/go
ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`
  }

async function build({ root, docker, env }: Where, image: string, fill: Filling): Promise<void> {
  process.stdout.write(`    Making a stand-in for ${image}\n`)
  const context = mkdtempSync(join(tmpdir(), 'base-'))
  try {
    // Behind a proxy that opens TLS, containers trust what this machine trusts.
    if (existsSync(BUNDLE)) cpSync(BUNDLE, join(context, 'ca.crt'), { dereference: true })
    else writeFileSync(join(context, 'ca.crt'), '')
    writeFileSync(join(context, 'Dockerfile'), fill(context))
    const args = ['build', '--tag', image, context]
    const { ok } = await run(root, { name: `base-${image.split(':')[0]}`, command: docker, args, env })
    if (!ok) throw new Error(`a stand-in for ${image} could not be made`)
  } finally {
    rmSync(context, { recursive: true, force: true })
  }
}
