import { existsSync } from 'node:fs'
import { panelUrl, setupLink } from '../../announce.ts'
import { runningInstance } from '../run/instance.ts'
import { newSetupToken } from '../run/setup-token.ts'
import { Refusal, verb } from '../verb.ts'

export default verb({
  summary: 'Print a new one-time link for making the first administrator',
  usage: 'setup-link',
  details:
    'It is valid for a day and makes older links worthless. There is none once anybody has an account.',
  async run(context) {
    const config = context.config()
    if (!existsSync(config.databasePath)) {
      throw new Refusal('Argos has not run here yet.', '`./argos up` starts it and prints the link.')
    }
    const token = await newSetupToken(config)
    if (token === null) throw new Refusal('Somebody has an account already.', 'Sign in instead.')
    const told = config.publicAddress !== null
    const instance = runningInstance(config)
    const url =
      told || !instance ? panelUrl(config, instance?.ports.panel ?? config.ports.panel) : instance.panelUrl
    context.say(setupLink(url, token))
  },
})
