import type { Config } from '../../config.ts'
import { edgeInfo, panelAnswers } from '../run/ask.ts'
import { waitReady } from '../run/ready.ts'
import { localPanelUrl, summary } from '../run/summary.ts'
import { type Context, Refusal } from '../verb.ts'
import { type Target, unitNames } from './places.ts'
import { isRunning, journal, stateOf, systemctl } from './systemd.ts'

const names = unitNames.map((unit) => unit.replace('.service', '')).join(' ')

/** Starts what was installed, or starts it anew, and ends with the lines that `up` ends with. */
export async function startService({ say }: Context, target: Target, config: Config): Promise<void> {
  if (!isRunning(target)) {
    say(
      target.root === ''
        ? `\nsystemd does not run this system, so nothing was started. Once it does: systemctl start ${names}`
        : '\nNothing was started: the next boot of that system does it.',
    )
    say('`argos setup-link` prints the link for the first account then.')
    return
  }
  systemctl('daemon-reload')
  // Too many starts, which an install may just have put right, are not held against it.
  const failed = unitNames.filter((unit) => stateOf(target, unit) === 'failed')
  if (failed.length > 0) systemctl('reset-failed', ...failed)
  systemctl('restart', ...unitNames)
  const up = <T>(unit: string, answer: Promise<T>): Promise<T> => {
    // It stays down by itself: waiting would not help.
    if (stateOf(target, unit) === 'failed') throw new Refusal(`${unit} has ended`)
    return answer
  }
  const url = localPanelUrl(config, config.ports.panel)
  try {
    await waitReady({
      edge: () => up('argos-edge.service', edgeInfo(config.edgeSocket)),
      panel: () => up('argos-panel.service', panelAnswers(config.panelSocket)),
      databasePath: config.databasePath,
      panelUrl: url,
    })
  } catch (err) {
    if (!(err instanceof Refusal)) throw err
    throw new Refusal(
      `${err.message.replace(/\.$/, '')}. The last of the journal:\n${journal(15)}`,
      'Put right what it names, then `systemctl restart argos-edge argos-panel`, or install again.',
    )
  }
  const { panelBind, ports } = config
  for (const line of await summary(config, { url, panelBind, panelPort: ports.panel })) say(line)
  say('\n`argos status`, `argos logs` and the other verbs work from every folder now, as root.')
}
