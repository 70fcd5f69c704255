import { expect, test } from 'vitest'
import { allVerbs } from '../../apps/panel/src/cli/catalogue.ts'
import { exitCode, type Group, isGroup, type Verb } from '../../apps/panel/src/cli/verb.ts'
import { documents } from './documents.ts'

const text = documents.find(({ path }) => path === 'docs/cli.md')?.text ?? ''
const sections = new Map(
  [...text.matchAll(/^## \.\/argos ([a-z0-9 -]+)\n([\s\S]*?)(?=^## |(?![\s\S]))/gm)].map(
    ([, name = '', body = '']) => [name.trim(), body],
  ),
)
const groups = (await allVerbs()).filter((entry): entry is [string, Group] => isGroup(entry[1]))
const actions = groups.flatMap(([name, { actions }]) =>
  Object.entries(actions).map(([action, verb]): [string, Verb] => [`${name} ${action}`, verb]),
)

test('docs/cli.md has a section for each action, and no other', () => {
  expect([...sections.keys()].sort()).toEqual([...actions.map(([name]) => name), 'completion'].sort())
})

test.each(actions)('%s says in its usage how it is called', (name, { usage }) => {
  expect(usage).toMatch(new RegExp(`^${name}( |$)`))
})

test.each(documents)('$path names only actions that exist', ({ text }) => {
  const known = new Map(groups)
  const named = [...text.matchAll(/\.\/argos (?:help )?([a-z-]+) ([a-z0-9-]+)\b/g)]
  const wrong = named.filter(([, verb = '', action = '']) => {
    const group = known.get(verb)
    return group !== undefined && !Object.hasOwn(group.actions, action)
  })
  expect(wrong.map(([words]) => words)).toEqual([])
})

test('docs/cli.md names every option of an action that has its own, and every exit code', () => {
  const common = ['json', 'no-wait', 'confirm']
  const missing = actions.flatMap(([name, { options = {} }]) =>
    Object.keys(options)
      .filter((option) => !common.includes(option) && !sections.get(name)?.includes(`--${option}`))
      .map((option) => `${name} --${option}`),
  )
  expect(missing).toEqual([])
  const codes = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
  expect(codes).toEqual(Object.values(exitCode))
})
