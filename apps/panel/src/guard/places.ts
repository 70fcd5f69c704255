import { networkInterfaces } from 'node:os'
import { canonicalAddress, reachOf } from './address.ts'

/** One of our own listeners. An empty address, `0.0.0.0` or `::` means every address of this machine. */
export interface OwnListener {
  readonly address: string
  readonly port: number
}

/** What this machine is: its addresses and what Argos itself listens on. */
export interface OwnPlaces {
  isLocal(address: string): boolean
  /** Whether a connection to this address and port would end at Argos itself. */
  isOurs(address: string, port: number): boolean
}

export interface OwnPlacesDeps {
  listeners: readonly OwnListener[]
  /** Addresses of this machine; asked each time, as interfaces come and go. */
  addresses?: () => readonly string[]
}

export function ownPlaces({ listeners, addresses = interfaceAddresses }: OwnPlacesDeps): OwnPlaces {
  const isLocal = (address: string) => {
    const wanted = canonicalAddress(address)
    return reachOf(wanted) === 'loopback' || addresses().some((a) => canonicalAddress(a) === wanted)
  }
  const isOurs = (address: string, port: number) =>
    listeners.some(
      (own) =>
        own.port === port &&
        (['', '0.0.0.0', '::'].includes(own.address)
          ? isLocal(address)
          : canonicalAddress(own.address) === canonicalAddress(address)),
    )
  return { isLocal, isOurs }
}

export const interfaceAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
