export { type EdgeClient, edgeClient } from './client.ts'
export { etagOf, type Hashes, hashOf } from './digest.ts'
export * from './errors.ts'
export * from './types.ts'
