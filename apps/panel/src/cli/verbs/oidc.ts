import { disable, enable, status } from '../oidc/oidc.ts'
import { group } from '../verb.ts'

export default group({
  summary: 'See, switch off and switch on single sign-on',
  details:
    'For when the provider is wrong and nobody gets in: passwords work whether it is on or off. All of it goes through the running panel, as its pages do.',
  actions: { status, disable, enable },
})
