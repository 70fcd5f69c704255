import { expect, test } from 'vitest'
import { outline } from './Qr.tsx'

/** Whether a square of the code is dark, read back from the outline. */
const darkIn = (path: string) => {
  const dark = new Set(path.match(/M\d+ \d+/g)?.map((at) => at.slice(1)))
  return (x: number, y: number) => dark.has(`${x} ${y}`)
}

test('a code has its three eyes inside a quiet border, and says what it was given', () => {
  const { size, path } = outline('otpauth://totp/Argos:anna?secret=JBSWY3DPEHPK3PXP&issuer=Argos')
  const dark = darkIn(path)
  const eyes = [
    [2, 2],
    [size - 9, 2],
    [2, size - 9],
  ] as const
  for (const [x, y] of eyes) {
    const row = Array.from({ length: 7 }, (_, i) => dark(x + i, y + 3))
    expect(row, `eye at ${x} ${y}`).toEqual([true, false, true, true, true, false, true])
  }
  for (let i = 0; i < size; i += 1)
    expect([dark(i, 0), dark(i, 1), dark(0, i), dark(1, i)], 'quiet border').toEqual([
      false,
      false,
      false,
      false,
    ])
  expect(outline('another text').path).not.toBe(path)
})
