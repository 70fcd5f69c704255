import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type CompileInput, compile, type Fragment, type Places } from '@argos/caddy'
import { type EdgeClient, edgeClient, type Taken } from '@argos/caddy-admin'
import { edgeBinary, eventually, freePorts, type Program, scratch, startProgram } from '@argos/testkit'

/** The real edge without a panel, driven by hand. */
export interface BareEdge extends AsyncDisposable {
  readonly client: EdgeClient
  readonly program: Program
  readonly places: Omit<Places, 'acmeRootFile'>
  /** Compiles and loads, whatever was there. */
  load(input: Omit<CompileInput, 'places'>): Promise<Taken>
  /** Puts one fragment in as it stands, past the compiler. */
  put(id: string, fragment: Fragment): Promise<Taken>
  restart(signal?: NodeJS.Signals): Promise<void>
}

export async function bareEdge(): Promise<BareEdge> {
  const folder = scratch('bare-edge-')
  const [dataDir, runDir] = [join(folder.path, 'data'), join(folder.path, 'run')]
  for (const dir of [dataDir, runDir]) mkdirSync(dir, { mode: 0o700 })
  const [http = 0, https = 0, panel = 0] = await freePorts(3)
  const places = {
    dataDir,
    logDir: join(dataDir, 'logs'),
    panelSocket: join(runDir, 'panel.sock'),
    ports: { http, https, panel },
    bind: '127.0.0.1',
    panelBind: '127.0.0.1',
    panelSubjects: ['127.0.0.1', 'localhost'],
  }
  const args = ['run', '--data', dataDir, '--run', runDir]
  const program = startProgram({ name: 'edge', command: edgeBinary, args })
  const client = edgeClient(join(runDir, 'edge.sock'))
  const answers = () =>
    eventually('the edge answers', () => {
      if (program.pid() === null) throw new Error(`the edge ended:\n${program.output()}`)
      return client.summary()
    })
  await answers()
  return {
    client,
    program,
    places,
    load: async (input) => {
      const { base, hosts, pools } = compile({ ...input, places: { ...places, acmeRootFile: null } })
      const { etag } = await client.summary()
      return client.load(etag, { generation: input.generation, base, hosts, pools })
    },
    put: async (id, fragment) => {
      const { etag, generation } = await client.summary()
      return client.swap(etag, { generation, hosts: { [id]: fragment }, pools: {} })
    },
    restart: async (signal = 'SIGKILL') => {
      await program.kill(signal)
      program.start()
      await answers()
    },
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await program.kill('SIGTERM')
      folder[Symbol.dispose]()
    },
  }
}
