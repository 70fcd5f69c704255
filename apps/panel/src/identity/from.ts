import type { FastifyRequest } from 'fastify'
import type { Asked } from './finish.ts'
import type { From } from './sessions.ts'

/** What a session remembers of where it was begun. */
export const fromOf = (req: FastifyRequest): From => ({
  address: req.visitor.address,
  userAgent: req.headers['user-agent'] ?? '',
  device: req.visitor.device,
})

/** Where the page of a request is. */
export const askedOf = (req: FastifyRequest): Asked => ({
  origin: req.headers.origin,
  host: req.headers.host,
  secure: req.visitor.secure,
})
