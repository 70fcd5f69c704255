export {
  type ClauseSpec,
  gateOf,
  type NoGate,
  type Policies,
  type PolicySpec,
  policiesIn,
  policyIdsOf,
} from './access.ts'
export type { ArgosApp, Base } from './base.ts'
export { type Compiled, compile } from './compile.ts'
export { decompileHost, decompilePool, saysTheSame, type Untold } from './decompile.ts'
export * from './desired.ts'
export * from './fragment.ts'
export { compileHost, type Taken } from './host.ts'
export { literal } from './literal.ts'
export { neededModules } from './modules.ts'
export { isCanonicalName } from './names.ts'
export { compilePool, dialOf } from './pool.ts'
