import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { allVerbs } from '../catalogue.ts'
import { completion, shells } from './shells.ts'
import { entriesOf } from './tree.ts'

const entries = entriesOf(await allVerbs())

describe('in bash', () => {
  const script = completion('bash', entries)
  const offered = (...words: readonly string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
        'eval "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _argos; printf %s "${COMPREPLY[*]}"',
        'bash',
        script,
        ...words,
      ],
      { encoding: 'utf8' },
    ).split(' ')

  test.each([
    [['argos', 'ho'], ['host']],
    [
      ['argos', 'host', ''],
      ['list', 'show', 'add', 'set', 'rm', 'enable', 'disable'],
    ],
    [['argos', 'host', 'dis'], ['disable']],
    [
      ['argos', 'host', 'add', 'a.example', '--t'],
      ['--tls', '--tag'],
    ],
    [
      ['argos', 'pool', 'set', '--'],
      ['--json', '--no-wait', '--confirm'],
    ],
    [['argos', 'status', '--'], ['--json']],
    [['argos', 'help', 'rev'], ['revisions']],
    [['argos', 'nothing', ''], ['']],
  ])('%j is completed to %j', (words, offers) => {
    expect(offered(...words)).toEqual(offers)
  })

  test('an option that help hides is not offered', () => {
    expect(offered('argos', 'up', '--')).toEqual(['--detach', '--lan'])
  })
})

test.each(shells)('%s gets every verb and every action', (shell) => {
  const script = completion(shell, entries)
  const names = entries.flatMap(({ name, actions }) => [name, ...actions.map((action) => action.name)])
  for (const name of names) expect(script).toMatch(new RegExp(`[ (']${name}[ )']`))
})

test('in fish words with quotes stay one word', () => {
  const flag = { name: 'x', short: undefined, takesValue: true, words: "it's \\ here" }
  const script = completion('fish', [{ name: 'v', words: 'w', flags: [flag], actions: [] }])
  expect(script).toContain(`-l x -r -d 'it\\'s \\\\ here'`)
})
