import type { FieldError, Settings } from '@argos/contract'
import type { Write } from '../changes/commit.ts'
import { AppError } from '../errors.ts'
import { settingsStore } from './settings.store.ts'
import { changedFields, settingsWords } from './settings.words.ts'

/** The settings as a write: it is committed, or tried to see what it would do. Over this version, or over any. */
export const settingsWrite =
  (settings: Settings, version: number | null): Write =>
  async (trx) => {
    const store = settingsStore(trx)
    const { settings: before, version: current } = await store.read()
    if (version !== null && current !== version) throw stale()
    if (settings.panelDomain !== '' && (await store.nameIsTaken(settings.panelDomain))) {
      const message = `A host is published as ${settings.panelDomain} already; the panel needs a name of its own.`
      refuse([{ path: 'settings.panelDomain', message }])
    }
    const fields = changedFields(before, settings)
    if (fields.length === 0) return null
    if (!(await store.write(settings, current))) throw stale()
    const words = settingsWords(before, settings)
    return {
      words,
      objects: [{ kind: 'settings', id: '1', name: 'Settings', before, after: settings }],
      audit: [
        {
          action: 'settings.update',
          subject: { kind: 'settings', id: null, name: 'Settings' },
          words: words.join('. '),
          before: pick(before, fields),
          after: pick(settings, fields),
        },
      ],
    }
  }

const stale = () =>
  new AppError('stale', 'Somebody else changed the settings meanwhile. Load them again; nothing was saved.')

export function refuse(fields: readonly FieldError[]): void {
  const [first] = fields
  if (first) throw new AppError('invalid', first.message, { fields })
}

const pick = (settings: Settings, fields: readonly (keyof Settings)[]): Partial<Settings> =>
  Object.fromEntries(fields.map((field) => [field, settings[field]]))
