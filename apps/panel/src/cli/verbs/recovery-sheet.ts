import { hostname } from 'node:os'
import { keyFingerprint } from '../../secrets.ts'
import { exitCode, Refusal, verb } from '../verb.ts'

export default verb({
  summary: 'Print the master key for safe keeping, on this console only',
  usage: 'recovery-sheet [--yes]',
  options: { yes: { type: 'boolean' } },
  words: { yes: 'Print it although this is no terminal' },
  run(context, { yes }) {
    if (!process.stdout.isTTY && !yes) {
      throw new Refusal(
        'The sheet holds the master key, and this is no terminal: it would land in a file or another program.',
        'Add --yes when that is what you want.',
        exitCode.usage,
      )
    }
    const { masterKey, dataDir } = context.config()
    const key = masterKey.toString('hex')
    const groups = key.match(/.{8}/g) ?? []
    context.say(`
  Argos recovery sheet
  ${'-'.repeat(71)}
  Machine        ${hostname()}
  Data folder    ${dataDir}
  Printed        ${new Date().toISOString()}
  Fingerprint    ${keyFingerprint(masterKey)}

  Master key     ${groups.slice(0, 4).join(' ')}
                 ${groups.slice(4).join(' ')}

  It encrypts the secrets in Argos' database: DNS and mail passwords, second
  factors, signing keys. Neither Argos nor anybody else can read them without
  it, from a backup neither. Keep this sheet away from the machine.

  To use it: write the key without spaces into .env beside \`argos\`,
      ARGOS_MASTER_KEY=<64 hex digits>
  put the data folder back, and run ./argos up.
  ${'-'.repeat(71)}
`)
    return exitCode.ok
  },
})
