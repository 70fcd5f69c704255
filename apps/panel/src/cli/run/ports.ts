import { once } from 'node:events'
import { createServer } from 'node:net'
import { Refusal } from '../verb.ts'
import { holders, listeningInodes, type Process } from './proc.ts'

export type Bindable = 'free' | 'taken' | 'forbidden' | 'no_such_address'

/** Whether this process could listen there now. An empty address means all of them. */
export async function bindable(port: number, address = ''): Promise<Bindable> {
  const outcome = await tryListen(port, address === '' ? '::' : address)
  // A machine without IPv6 still has the other half of "all addresses".
  if (outcome === 'no_such_address' && address === '') return tryListen(port, '0.0.0.0')
  return outcome
}

async function tryListen(port: number, host: string): Promise<Bindable> {
  const server = createServer()
  try {
    server.listen({ port, host, exclusive: true })
    await once(server, 'listening')
    return 'free'
  } catch (err) {
    const { code } = err as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') return 'taken'
    if (code === 'EACCES' || code === 'EPERM') return 'forbidden'
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return 'no_such_address'
    throw err
  } finally {
    server.close()
  }
}

/** The processes that listen on a port, as far as this user may see. */
export const portHolders = (port: number): Process[] => holders(listeningInodes(port))

export interface PortChoice {
  readonly http: number
  readonly https: number
  readonly panel: number
  /** What was decided, for the operator; empty when everything is as configured. */
  readonly notes: readonly string[]
}

export interface PortWish {
  readonly ports: { readonly http: number; readonly https: number; readonly panel: number }
  readonly bind: string
  readonly panelBind: string
  /** Whether 80 and 443 are only the defaults, so that others may be chosen for them. */
  readonly mayChoose: boolean
  /** Only tests bring their own: who may bind what depends on the machine. */
  readonly look?: typeof bindable
}

/** Ports that can be bound now. Throws a Refusal that names who holds a taken one. */
export async function choosePorts(wish: PortWish): Promise<PortChoice> {
  const { ports, bind, panelBind, mayChoose, look = bindable } = wish
  const [http, https] = await Promise.all([look(ports.http, bind), look(ports.https, bind)])
  const privileged = http === 'forbidden' || https === 'forbidden'
  const chosen = privileged && mayChoose ? { http: 8080, https: 8443 } : ports
  const notes: string[] = []
  if (privileged && mayChoose) {
    notes.push(
      `Ports ${ports.http} and ${ports.https} need privileges this user does not have: using ${chosen.http} and ${chosen.https}.`,
      `Visitors must name the port, and certificates by HTTP challenge need ${ports.http} forwarded to ${chosen.http}. docs/operations.md says how to get 80 and 443.`,
    )
  }
  await refuseTaken(chosen.http, bind, 'ARGOS_HTTP_PORT', look)
  await refuseTaken(chosen.https, bind, 'ARGOS_HTTPS_PORT', look)
  await refuseTaken(ports.panel, panelBind, 'ARGOS_PANEL_PORT', look)
  return { http: chosen.http, https: chosen.https, panel: ports.panel, notes }
}

async function refuseTaken(
  port: number,
  address: string,
  variable: string,
  look: typeof bindable,
): Promise<void> {
  const outcome = await look(port, address)
  if (outcome === 'free') return
  if (outcome === 'taken') {
    throw new Refusal(
      `Port ${port} is taken by ${nameHolders(portHolders(port))}.`,
      `Stop that process, or choose another port with ${variable} in .env.`,
    )
  }
  if (outcome === 'forbidden') {
    throw new Refusal(
      `Port ${port} needs privileges this user does not have.`,
      `Choose a port from 1024 on with ${variable} in .env.`,
    )
  }
  throw new Refusal(
    `The address ${address} is not one of this machine's.`,
    'Correct ARGOS_BIND or ARGOS_PANEL_BIND in .env.',
  )
}

export const nameHolders = (found: readonly Process[]): string =>
  found.length === 0
    ? 'a process that this user may not see (try `sudo ss -ltnp`)'
    : found.map((p) => `${p.name} (pid ${p.pid}: ${p.command.slice(0, 120)})`).join(', ')
