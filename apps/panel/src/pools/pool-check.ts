import type { FieldError, PoolInput } from '@argos/contract'
import { AppError } from '../errors.ts'
import type { UpstreamGuard } from '../guard/upstream.ts'
import { placeOf } from '../guard/url.ts'

/** Refuses a pool that must not be saved; answers with sentences about what works but deserves a look. */
export type PoolCheck = (pool: PoolInput, path: string) => Promise<string[]>

/** Checks that need no database: twins, and where each target leads (CF-15, F2). `path` stands before the fields. */
export function poolCheck(checkUpstream: UpstreamGuard): PoolCheck {
  return async (pool, path) => {
    const fields: FieldError[] = []
    const places = pool.targets.map((t) => placeOf(t.address, t.port))
    for (const [i, place] of places.entries())
      if (places.indexOf(place) !== i)
        fields.push({
          path: `${path}targets.${i}.address`,
          message: `${place} stands here twice. Give the first one more weight instead.`,
        })
    const verdicts = await Promise.all(pool.targets.map(checkUpstream))
    const warnings: string[] = []
    for (const [i, verdict] of verdicts.entries()) {
      if (verdict.kind === 'refused')
        fields.push({ path: `${path}targets.${i}.${verdict.field}`, message: verdict.message })
      if (verdict.kind === 'unresolved') warnings.push(verdict.message)
    }
    const [first] = fields
    if (first) throw new AppError('invalid', first.message, { fields })
    if (!pool.targets.some((t) => t.enabled)) warnings.push('No target is switched on: visitors get a 503.')
    return [...new Set(warnings)]
  }
}
