export interface Device {
  /** "Firefox on Windows". */
  readonly name: string
  readonly kind: 'phone' | 'computer' | 'program'
}

// The first that fits: most browsers also claim to be others.
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]
const find = (list: typeof browsers, agent: string) => list.find(([is]) => is.test(agent))?.[1]

/** What somebody is signed in with, by how it calls itself. */
export function deviceOf(agent: string): Device {
  const browser = find(browsers, agent)
  const system = find(systems, agent)
  if (browser === undefined) {
    const program = /^[\w.-]{1,40}/.exec(agent)?.[0]
    return { name: program ?? 'Unknown device', kind: 'program' }
  }
  const kind = /\bMobile\b|\biPad\b|\bAndroid\b/.test(agent) ? 'phone' : 'computer'
  return { name: system === undefined ? browser : `${browser} on ${system}`, kind }
}
