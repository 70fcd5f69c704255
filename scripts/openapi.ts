import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiText } from '../apps/panel/src/http/openapi.ts'

// Writes the API's description from the contract. A unit test compares the committed file with the same text.
const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
writeFileSync(join(root, 'openapi.json'), openApiText(version))
