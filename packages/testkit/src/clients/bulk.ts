import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { EdgeRequest } from './request.ts'

type Where = Pick<EdgeRequest, 'port' | 'name' | 'tls' | 'path'>

const BLOCK = Buffer.alloc(256 * 1024, 0x61)

/** Reads a body of any size through the edge, holding none of it. Resolves with the number of its bytes. */
export async function download(where: Where): Promise<number> {
  const req = ask(where, 'GET', {})
  req.end()
  const res = await answerTo(req)
  let bytes = 0
  for await (const chunk of res as AsyncIterable<Buffer>) bytes += chunk.length
  return bytes
}

/** Sends `bytes` bytes through the edge, holding none of them. Resolves with what was answered. */
export async function upload(where: Where, bytes: number): Promise<string> {
  const req = ask(where, 'PUT', { 'content-length': String(bytes) })
  const answered = answerTo(req)
  await pipeline(Readable.from(blocks(bytes)), req)
  let text = ''
  for await (const chunk of (await answered).setEncoding('utf8') as AsyncIterable<string>) text += chunk
  return text
}

function* blocks(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= BLOCK.length)
    yield left >= BLOCK.length ? BLOCK : BLOCK.subarray(0, left)
}

function ask(
  { port, name, tls = false, path = '/' }: Where,
  method: string,
  headers: Record<string, string>,
) {
  const options = {
    host: '127.0.0.1',
    port,
    path,
    method,
    headers: { host: name, ...headers },
    agent: false as const,
  }
  return tls
    ? httpsRequest({ ...options, servername: name, rejectUnauthorized: false })
    : httpRequest(options)
}

const answerTo = (req: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => req.once('response', resolve).once('error', reject))
