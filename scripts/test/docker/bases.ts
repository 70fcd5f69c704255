import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findProgram } from '../../../packages/testkit/src/tools.ts'
import { run } from '../child.ts'
import { copyCompiled } from './compiled.ts'
import { baseImages } from './versions.ts'

interface Where {
  readonly root: string
  readonly docker: string
  readonly env: Readonly<Record<string, string>>
}

/** Raised when stand-ins are made in another way: those of before are then made anew. */
const RECIPE = 'argos.recipe=3'

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt'

/**
 * Stand-ins for the official images, under their tags: no registry of images is needed. Debian's comes from its own
 * packages; Node's has the pinned Node and this machine's npm, Go's the toolchain that builds the edge with what it has
 * compiled.
 */
export async function importBases(where: Where): Promise<void> {
  const { debian, node, go } = baseImages(where.root)
  const missing: string[] = []
  for (const image of [debian, node, go]) if (!(await has(where, image))) missing.push(image)
  if (missing.includes(debian)) await importDebian(where, debian)
  if (missing.includes(node)) await build(where, node, nodeOn(debian, where))
  if (missing.includes(go)) await build(where, go, await goOn(debian, where))
}

async function has({ root, docker, env }: Where, image: string): Promise<boolean> {
  const args = [
    'image',
    'inspect',
    '--format',
    '{{range $k, $v := .Config.Labels}}{{$k}}={{$v}}{{end}}',
    image,
  ]
  const { ok, lines } = await run(root, { name: 'image-inspect', command: docker, args, env })
  return ok && lines.includes(RECIPE)
}

async function importDebian({ root, docker, env }: Where, image: string): Promise<void> {
  process.stdout.write(`    Making ${image} from Debian's packages\n`)
  const folder = mkdtempSync(join(tmpdir(), 'debian-'))
  const script = `set -eu
    debootstrap --variant=minbase --include=libatomic1 bookworm "$1/root"
    rm -rf "$1"/root/var/cache/apt/archives/*.deb "$1"/root/var/lib/apt/lists/*
    tar -C "$1/root" -c . | "$2" import --change 'CMD ["bash"]' --change 'LABEL ${RECIPE}' - "$3"`
  const args = ['-c', script, 'sh', folder, docker, image]
  const { ok } = await run(root, { name: 'debootstrap', command: '/bin/sh', args, env })
  rmSync(folder, { recursive: true, force: true })
  if (!ok) throw new Error(`${image} could not be made`)
}

/** Fills the context of an image and answers its Dockerfile. */
type Filling = (context: string) => string | Promise<string>

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

async function goOn(debian: string, { root }: Where): Promise<Filling> {
  const command = process.env.ARGOS_GO ?? ''
  const { ok, lines } = await run(root, {
    name: 'go-env',
    command,
    args: ['env', 'GOROOT', 'GOCACHE', 'GOPROXY', 'GOSUMDB'],
  })
  const [toolchain = '', cache = '', proxy = '', sums = ''] = lines
  if (!ok || toolchain === '') throw new Error('Go is missing')
  return async (context) => {
    cpSync(toolchain, join(context, 'go'), { recursive: true, dereference: true })
    mkdirSync(join(context, 'compiled'))
    await copyCompiled(root, command, cache, join(context, 'compiled'))
    return `FROM ${debian}
COPY ca.crt ${BUNDLE}
COPY go /usr/local/go
COPY compiled /root/.cache/go-build
ENV GOPROXY=${proxy} GOSUMDB=${sums} PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`
  }
}

async function build({ root, docker, env }: Where, image: string, fill: Filling): Promise<void> {
  process.stdout.write(`    Making a stand-in for ${image}\n`)
  const context = mkdtempSync(join(tmpdir(), 'base-'))
  try {
    // Behind a proxy that opens TLS, containers trust what this machine trusts.
    if (existsSync(BUNDLE)) cpSync(BUNDLE, join(context, 'ca.crt'), { dereference: true })
    else writeFileSync(join(context, 'ca.crt'), '')
    writeFileSync(join(context, 'Dockerfile'), await fill(context))
    const args = ['build', '--label', RECIPE, '--tag', image, context]
    const { ok } = await run(root, { name: `base-${image.split(':')[0]}`, command: docker, args, env })
    if (!ok) throw new Error(`a stand-in for ${image} could not be made`)
  } finally {
    rmSync(context, { recursive: true, force: true })
  }
}
