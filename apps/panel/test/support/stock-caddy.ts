import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually, findProgram, repository, scratch, selfSigned, startProgram, visit } from '@argos/testkit'

/** The `go` that builds the edge: the suite's, else the machine's own. */
const go = process.env.ARGOS_GO || findProgram('go', ['/usr/local/go/bin'])
export const noCaddy: string | null = go === null ? 'no Go is here to build stock Caddy' : null

/** Stock Caddy of the version the edge is built on. */
function build(): string {
  const folder = join(repository, '.cache/stock')
  mkdirSync(folder, { recursive: true })
  const output = join(folder, 'caddy')
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o', output]
  execFileSync(go ?? '', ['build', ...flags, 'github.com/caddyserver/caddy/v2/cmd/caddy'], {
    cwd: join(repository, 'apps/edge'),
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return output
}

/** Somebody's own Caddy with HTTPS at `port`: `sites` gives each name what stands in its block. */
export async function stockCaddy(port: number, sites: Readonly<Record<string, string>>) {
  const folder = scratch('argos-caddy-')
  const { cert, key } = selfSigned(Object.keys(sites))
  const write = (name: string, text: string) => {
    writeFileSync(join(folder.path, name), text)
    return join(folder.path, name)
  }
  const certificate = `tls ${write('cert.pem', cert)} ${write('key.pem', key)}`
  const blocks = Object.entries(sites).map(
    ([name, inside]) => `https://${name}:${port} {\n${certificate}\n${inside}\n}\n`,
  )
  const options = '{\nadmin off\nauto_https off\nskip_install_trust\npersist_config off\n}\n'
  const file = write('Caddyfile', options + blocks.join(''))
  const program = startProgram({
    name: 'caddy',
    command: build(),
    args: ['run', '--config', file, '--adapter', 'caddyfile'],
    env: { HOME: folder.path, XDG_DATA_HOME: folder.path, PATH: process.env.PATH ?? '' },
  })
  const end = async () => {
    await program.kill('SIGTERM')
    folder[Symbol.dispose]()
  }
  try {
    const name = `${Object.keys(sites)[0]}:${port}`
    await eventually('Caddy answers', () => {
      if (program.pid() === null) throw new Error(program.output())
      return visit({ port, name, tls: true })
    })
  } catch (err) {
    await end()
    throw err
  }
  return { [Symbol.asyncDispose]: end }
}
