import { echo, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { echoed, valuesOf } from '../../support/edge.ts'
import { publish } from '../../support/hosts.ts'

const name = 'www.example.test'
let stack: Stack
let upstream: Upstream
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
  await publish(stack, { domains: [name], to: upstream })
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})

/** As applications read them: CGI and its like take dots and underscores for dashes. */
const plain = (header: string): string => header.toLowerCase().replaceAll(/[._]/g, '-')

describe('identity headers of a visitor', () => {
  const identity = ['user', 'email', 'name', 'groups', 'provider']
  const spellings = identity.flatMap((what) => {
    const upper = what[0]?.toUpperCase() + what.slice(1)
    return [
      `X-Auth-${upper}`,
      `x-auth-${what}`,
      `X-AUTH-${what.toUpperCase()}`,
      `x_auth_${what}`,
      `X.Auth.${upper}`,
      `X-Auth_${upper}`,
      `X_Auth-${upper}`,
      `X-Auth.${upper}`,
    ]
  })

  test.each(spellings)(
    'FA-03 FA-04 FA-05 F12 `%s` does not reach the upstream of a public host',
    async (header) => {
      const values = [['forged'], [''], ['forged', 'twice']]
      for (const value of values) {
        const { headers } = await echoed(stack, name, { headers: { [header]: value, 'x-other': 'stays' } })
        expect(headers.filter(([n]) => plain(n).startsWith('x-auth-'))).toEqual([])
        expect(headers.filter(([n]) => plain(n) === 'x-other')).toHaveLength(1)
        expect(JSON.stringify(headers)).not.toMatch(/forged|\{http\./)
      }
    },
  )

  test('FA-04 none reaches it when all come at once', async () => {
    const headers = Object.fromEntries(spellings.map((header) => [header, 'forged']))
    const seen = await echoed(stack, name, { headers })
    expect(JSON.stringify(seen.headers)).not.toContain('forged')
  })
})

describe('cookies', () => {
  const theirs = ['session=theirs', 'a=b', 'x-argos=no']
  const ours = ['__Host-argos=ours', '__Host-panel=ours', 'argos-panel-plain=ours']
  const at = (position: number, cookie: string) => theirs.toSpliced(position, 0, cookie).join('; ')

  test.each(ours.flatMap((cookie) => [0, 1, 3].map((position) => ({ cookie, position }))))(
    'FA-16 $cookie is taken out of position $position, others stay as they were',
    async ({ cookie, position }) => {
      const seen = await echoed(stack, name, { headers: { cookie: at(position, cookie) } })
      expect(valuesOf(seen, 'cookie').join('; ')).toBe(theirs.join('; '))
    },
  )

  test('FA-16 two of ours and a second Cookie header change nothing', async () => {
    const cookie = [`__Host-argos=ours; ${theirs[0]}`, `${theirs[1]}; __Host-argos=ours; __Host-argos=ours`]
    const seen = await echoed(stack, name, { headers: { cookie } })
    expect(valuesOf(seen, 'cookie').join('; ')).toBe(`${theirs[0]}; ${theirs[1]}`)
  })

  test('FA-16 with ours alone there is no Cookie header', async () => {
    const seen = await echoed(stack, name, { headers: { cookie: ours[0] ?? '' } })
    expect(valuesOf(seen, 'cookie')).toEqual([])
  })
})
