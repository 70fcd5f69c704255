export { type EdgeClient, edgeClient } from './client.ts'
export { etagAfter, etagOf, type Hashes, hashOf, hashOfText, type Line } from './digest.ts'
export * from './errors.ts'
export * from './types.ts'
