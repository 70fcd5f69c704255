import { oidcSettingsView, oidcSwitch } from '@argos/contract'
import { asking } from '../api.ts'
import { plain } from '../table.ts'
import { verb } from '../verb.ts'

const options = { json: { type: 'boolean' } } as const
const words = { json: 'One JSON document instead of text' } as const
const sessionsOf = (n: number): string => (n === 1 ? 'a session' : `${n} sessions`)

export const status = verb({
  summary: 'Whether single sign-on is on, with which provider, and who uses it',
  usage: 'oidc status [--json]',
  options,
  words,
  run: (context, { json }) =>
    asking(context, json, async (call) => {
      const view = await call(oidcSettingsView, {})
      if (json) {
        context.say(JSON.stringify(view, null, 2))
        return 0
      }
      const { settings, hasSecret, addresses, people, sessions } = view
      context.say(`Single sign-on is ${settings.enabled ? 'on' : 'off'}.`)
      if (settings.issuer === '') {
        context.say('No provider is set up.')
        return 0
      }
      context.say(plain(`  provider   ${settings.name}, ${settings.issuer}`))
      context.say(plain(`  client     ${settings.clientId}${hasSecret ? '' : ', without a secret'}`))
      context.say(plain(`  redirect   ${addresses?.redirect ?? 'none: the panel has no name yet'}`))
      context.say(
        `  in use     ${people} ${people === 1 ? 'person' : 'people'}, ${sessionsOf(sessions)} open`,
      )
      return 0
    }),
})

const switching = (enabled: boolean, summary: string) =>
  verb({
    summary,
    usage: `oidc ${enabled ? 'enable' : 'disable'} [--json]`,
    options,
    words,
    run: (context, { json }) =>
      asking(context, json, async (call) => {
        const answer = await call(oidcSwitch, { body: { enabled } })
        if (json) context.say(JSON.stringify(answer, null, 2))
        else if (enabled) context.say('Single sign-on is on.')
        else
          context.say(
            answer.ended === 0
              ? 'Single sign-on is off. None of its sessions was open.'
              : `Single sign-on is off, and ${sessionsOf(answer.ended)} of it ended.`,
          )
        return 0
      }),
  })

export const enable = switching(true, 'Switch single sign-on on, with the settings there are')
export const disable = switching(false, 'Switch single sign-on off at once, and end its sessions')
