import type { FieldError, Pool, PoolInput } from '@argos/contract'
import { type DiffLine, diffLines } from '../../lib/diff.ts'
import { checkWords, dialOf } from './health.ts'

/** A target as its fields hold it: numbers are what is typed. `key` keeps a row's focus when others go. */
export interface TargetDraft {
  readonly key: number
  readonly address: string
  readonly port: string
  readonly weight: string
  readonly enabled: boolean
}
export interface PoolDraft {
  readonly name: string
  readonly protocol: Pool['protocol']
  readonly verifyTls: boolean
  readonly preserveHost: boolean
  readonly check: Pool['health']['kind']
  readonly path: string
  readonly intervalS: string
  readonly timeoutS: string
  readonly targets: readonly TargetDraft[]
}

export const emptyTarget = (key: number): TargetDraft => ({
  key,
  address: '',
  port: '',
  weight: '1',
  enabled: true,
})

export const newDraft: PoolDraft = {
  name: '',
  protocol: 'http',
  verifyTls: true,
  preserveHost: true,
  check: 'tcp',
  path: '/',
  intervalS: '15',
  timeoutS: '5',
  targets: [emptyTarget(0)],
}

export const draftOf = (pool: Pool): PoolDraft => ({
  name: pool.name,
  protocol: pool.protocol,
  verifyTls: pool.verifyTls,
  preserveHost: pool.preserveHost,
  check: pool.health.kind,
  path: pool.health.path,
  intervalS: String(pool.health.intervalS),
  timeoutS: String(pool.health.timeoutS),
  targets: pool.targets.map(({ address, port, weight, enabled }, key) => ({
    key,
    address,
    port: String(port),
    weight: String(weight),
    enabled,
  })),
})

export const inputOf = (draft: PoolDraft): PoolInput => ({
  name: draft.name.trim(),
  protocol: draft.protocol,
  verifyTls: draft.verifyTls,
  preserveHost: draft.preserveHost,
  health: {
    kind: draft.check,
    path: draft.path.trim(),
    intervalS: Number(draft.intervalS),
    timeoutS: Number(draft.timeoutS),
  },
  targets: draft.targets.map(({ address, port, weight, enabled }) => ({
    address: address.trim(),
    port: Number(port),
    weight: Number(weight),
    enabled,
  })),
})

const isWhole = (text: string, min: number, max: number): boolean =>
  /^\d+$/.test(text.trim()) && Number(text) >= min && Number(text) <= max

/** What the numbers of a draft lack. The rest is the panel's to judge. */
export function draftProblems(draft: PoolDraft): readonly FieldError[] {
  const no = (path: string, message: string): FieldError => ({ path, message })
  return [
    ...draft.targets.flatMap((target, i) => [
      ...(isWhole(target.port, 1, 65_535)
        ? []
        : [no(`targets.${i}.port`, target.port === '' ? 'Enter a port.' : 'A port is 1 to 65535.')]),
      ...(isWhole(target.weight, 1, 256) ? [] : [no(`targets.${i}.weight`, 'A weight is 1 to 256.')]),
    ]),
    ...(isWhole(draft.intervalS, 5, 300) ? [] : [no('health.intervalS', 'Every 5 to 300 seconds.')]),
    ...(isWhole(draft.timeoutS, 1, 30) ? [] : [no('health.timeoutS', 'Wait 1 to 30 seconds.')]),
  ]
}

/** What was pasted into an address: `https://nas.lan:8443/`, `192.0.2.31:8096` or `[fd00::12]:80` in its parts. */
export function parsePasted(
  text: string,
): { address: string; port: string | null; protocol: Pool['protocol'] | null } | null {
  const [, scheme, rest = ''] = /^(?:(https?):\/\/)?([^/?#\s]+)[/?#]?\S*$/i.exec(text.trim()) ?? []
  const [, v6, plain, port] = /^(?:\[([\da-f:.]+)\]|([^:[\]@]+))(?::(\d{1,5}))?$/i.exec(rest) ?? []
  const address = v6 ?? plain
  if (address === undefined || (scheme === undefined && port === undefined)) return null
  const protocol = scheme === undefined ? null : scheme.toLowerCase() === 'https' ? 'https' : 'http'
  const usual = protocol === null ? null : protocol === 'https' ? '443' : '80'
  return { address, port: port ?? usual, protocol }
}

/** The settings as lines a person would write, the targets first. */
function lines(input: PoolInput): readonly string[] {
  return [
    `Name       ${input.name}`,
    ...input.targets.map(
      (target) => `Target     ${dialOf(target)}, weight ${target.weight}${target.enabled ? '' : ', off'}`,
    ),
    input.protocol === 'http'
      ? 'Protocol   HTTP'
      : `Protocol   HTTPS, ${input.verifyTls ? 'only with a trusted certificate' : 'any certificate is taken'}`,
    `Host       ${input.preserveHost ? 'the name the visitor asked for' : 'the address of the target'}`,
    `Check      ${checkWords(input.health)}`,
  ]
}

/** What saving would change. A draft that is not whole yet is compared as it stands. */
export const draftDiff = (before: Pool | null, draft: PoolDraft): readonly DiffLine[] =>
  diffLines(before === null ? [] : lines(before), lines(inputOf(draft)))
