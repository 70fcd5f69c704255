import { open, readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { inNetworks } from '@argos/contract'
import { canonicalAddress, isLoopback } from '../http/address.ts'

/** Whether visitors' addresses are their own, as far as can be seen; what goes by them must not be opened otherwise. */
export interface ClientSight {
  /** Why policies cannot go by networks now, or null. */
  noNetworks(): Promise<string | null>
  /** The same of these networks. */
  refusal(networks: readonly string[]): Promise<string | null>
}
export interface Seen {
  /** Addresses of the newest requests, this machine's own left out. */
  readonly clients: readonly string[]
  /** Through which this machine reaches all others. */
  readonly gateways: readonly string[]
  /** Whether the edge runs in a container. */
  readonly contained: boolean
}

/** So few may be one visitor behind the same router. */
const FEW = 3
const TAIL_BYTES = 256 * 1024

/** CR-12 By what was seen: whether all visitors look like one. */
export function hiddenClients({ clients, gateways, contained }: Seen): string | null {
  const isGateway = (address: string) => gateways.includes(address) || looksLikeBridge(address)
  const [first] = clients
  if (first === undefined)
    return contained
      ? 'No visitor was seen yet, so it is not known whether Docker hides their addresses. Open one of the hosts from another device, then try again.'
      : null
  if (!clients.every(isGateway) || (!contained && clients.length < FEW)) return null
  const what = contained ? "Docker's gateway" : 'the router or a proxy'
  return `All visitors seen of late come from ${first}, which looks like ${what}: a network would let in everyone or nobody. ${
    contained
      ? 'Let Docker pass on their addresses, or list the proxy in front as trusted.'
      : 'List the proxy in front as trusted, or open a host from another network, then try again.'
  }`
}

/** The first address of a network that Docker makes by itself. */
const looksLikeBridge = (address: string): boolean =>
  /\.0\.1$/.test(address) && inNetworks(address, ['172.16.0.0/12'])

/** Why these networks cannot be gone by, where those who come through the gateway are not told apart. */
export function hiddenIn(seen: Seen, networks: readonly string[]): string | null {
  if (networks.length === 0) return null
  const all = hiddenClients(seen)
  if (all !== null || !seen.contained) return all
  const gateway = seen.gateways.find((address) => inNetworks(address, networks))
  return gateway === undefined
    ? null
    : `${gateway} is Docker's gateway: visitors whose address Docker hides come from there, from the internet too. Leave the network out that has it, and list your own one by one.`
}

/** `logDir` has the edge's access log. */
export function clientSight({ logDir, contained }: { logDir: string; contained: boolean }): ClientSight {
  const seen = () => seenAt(logDir, contained)
  return {
    noNetworks: async () => hiddenClients(await seen()),
    refusal: async (networks) => (networks.length === 0 ? null : hiddenIn(await seen(), networks)),
  }
}

export async function seenAt(logDir: string, contained: boolean): Promise<Seen> {
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map((one) => one.address)),
  )
  const clients = (await newestClients(join(logDir, 'access.log'))).filter(
    (address) => !isLoopback(address) && !own.has(address),
  )
  return { clients, gateways: await gatewaysOf(), contained }
}

/** Of each request the client, as the edge found it out. */
async function newestClients(file: string): Promise<string[]> {
  const text = await tail(file)
  return text.split('\n').flatMap((line) => {
    const [, found = ''] =
      /"client":"([0-9a-fA-F.:]{2,45})"/.exec(line.slice(line.lastIndexOf('"argos":{'))) ?? []
    const address = canonicalAddress(found)
    return address === null ? [] : [address]
  })
}

async function tail(path: string): Promise<string> {
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    const length = Math.min(size, TAIL_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.toString('utf8', 0, bytesRead)
  } catch {
    // No log, no visitors.
    return ''
  }
}

/** From the kernel's table of routes; empty where there is none. */
async function gatewaysOf(): Promise<string[]> {
  const table = await readFile('/proc/net/route', 'utf8').catch(() => '')
  return table
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const [, destination, gateway = ''] = row.split(/\s+/)
      if (destination !== '00000000' || !/^[0-9A-F]{8}$/.test(gateway)) return []
      const bytes = Buffer.from(gateway, 'hex').reverse()
      return [bytes.join('.')]
    })
}
