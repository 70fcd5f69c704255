import type { PoolInput } from '@argos/contract'
import { placeOf } from '../../guard/url.ts'
import { pastedAddress } from '../../probe/pasted.ts'
import { exitCode, Refusal } from '../verb.ts'

type Target = PoolInput['targets'][number]
export interface TypedTarget {
  readonly protocol: 'http' | 'https' | null
  readonly target: Target
}

/** Reads `10.0.0.5:8096`, `https://nas.lan` or `10.0.0.5:8096@3`, whose weight is 3. */
export function typedTarget(typed: string, known: readonly Target[] = []): TypedTarget {
  const [, place = '', weight] = /^(.*?)(?:@(\d{1,3}))?$/s.exec(typed) ?? []
  const { protocol, host, port: typedPort } = pastedAddress(place)
  const port = typedPort ?? (protocol === 'https' ? 443 : protocol === 'http' ? 80 : null)
  if (port === null) {
    throw new Refusal(
      `\`${typed}\` has no port.`,
      'Write a target as address:port, or as a URL.',
      exitCode.usage,
    )
  }
  // One that is there already keeps what is not named.
  const before = known.find((t) => placeOf(t.address, t.port) === placeOf(host, port))
  return {
    protocol,
    target: {
      address: host,
      port,
      weight: weight === undefined ? (before?.weight ?? 1) : Number(weight),
      enabled: before?.enabled ?? true,
    },
  }
}

/** The protocol that the targets' URLs agree on, or null when none was typed. */
export function protocolOf(targets: readonly TypedTarget[]): 'http' | 'https' | null {
  const typed = [...new Set(targets.map(({ protocol }) => protocol).filter((p) => p !== null))]
  if (typed.length > 1) {
    throw new Refusal(
      'These targets are of http and https.',
      'A pool speaks one of them to all its targets; make two pools.',
      exitCode.usage,
    )
  }
  return typed[0] ?? null
}
