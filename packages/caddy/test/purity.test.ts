import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const src = join(import.meta.dirname, '../src')

test.each(readdirSync(src))('%s imports nothing from outside and reads no clock, disk or chance', (file) => {
  const code = readFileSync(join(src, file), 'utf8')
  const imports = [...code.matchAll(/from '([^']+)'/g)].map(([, from]) => from ?? '')
  expect(imports.filter((from) => !from.startsWith('./'))).toEqual([])
  expect(code).not.toMatch(/Date\.|new Date|Math\.random|process\.|import\(|crypto/)
})
