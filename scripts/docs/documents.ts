import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

export interface Document {
  readonly path: string
  readonly text: string
}

/** Every document of the project: those at its root and those in docs/. */
export const documents: readonly Document[] = [
  ...['README.md', 'ARCHITECTURE.md', 'AGENTS.md'],
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

/** Folders at the root that documents name paths under; what a run makes is not among them. */
const rooms = ['apps', 'packages', 'scripts', 'docs', 'bench', '.ci']

/** Paths of the repository named in backticks, as in `apps/panel/src/config.ts`. */
export function pathsIn({ text }: Document): string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) => span.split(/[\s,;()]+/))
  return spans
    .map((span) => span.replace(/[.:]+$/, ''))
    .filter((span) => rooms.some((room) => span === room || span.startsWith(`${room}/`)))
    .filter((span) => !/[*<>…]/.test(span))
}

/** Targets of links that are not elsewhere, with their anchors. */
export const linksIn = ({ text }: Document): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

/** Verbs named as `./argos verb`. */
export const verbsIn = ({ text }: Document): string[] =>
  [...text.matchAll(/\.\/argos ([a-z][a-z-]*)/g)].map(([, verb = '']) => verb)

/** GitHub's way from a heading to its anchor. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

export function linkLeads({ path }: Document, link: string): boolean {
  const [file = '', anchor] = link.split('#')
  const target = file === '' ? join(root, path) : resolve(root, dirname(path), file)
  if (!existsSync(target)) return false
  if (anchor === undefined) return true
  const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, words = '']) => words)
  return headings.some((heading) => anchorOf(heading) === anchor)
}
