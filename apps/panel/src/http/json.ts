import { AppError } from '../errors.ts'

const DEPTH = 32

/**
 * Parses the JSON of a request. Refuses what honest clients never send and parsers disagree about: a key twice in one
 * object, `__proto__`, and nesting deeper than anything in the API.
 */
export function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (err) {
    throw new AppError('invalid', 'The body is not valid JSON.', { cause: err })
  }
  refuseOddities(text)
  return value
}

/** One pass over text that is known to be JSON, so it only has to find strings, brackets and commas. */
function refuseOddities(text: string): void {
  /** The keys so far of each open object; null for an array. */
  const open: (Set<string> | null)[] = []
  let expectsKey = false
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        open.push(text[at] === '{' ? new Set() : null)
        if (open.length > DEPTH)
          throw new AppError('invalid', `The body is nested deeper than ${DEPTH} levels.`)
        expectsKey = text[at] === '{'
        break
      case '}':
      case ']':
        open.pop()
        expectsKey = false
        break
      case ',':
        expectsKey = open.at(-1) instanceof Set
        break
      case '"': {
        const end = endOfString(text, at)
        if (expectsKey) addKey(open.at(-1), JSON.parse(text.slice(at, end + 1)) as string)
        expectsKey = false
        at = end
        break
      }
    }
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

function addKey(keys: Set<string> | null | undefined, key: string): void {
  if (key === '__proto__' || keys?.has(key)) {
    throw new AppError('invalid', 'The body has a key twice, or one that is not allowed.')
  }
  keys?.add(key)
}
