import { connect, type Socket } from 'node:net'
import { requestsOf, type LoadResult, type LoadSpec } from './load.ts'
import { percentile } from './numbers.ts'

process.once('message', (spec) => {
  void run(spec as LoadSpec).then((result) => process.send!(result, undefined, undefined, () => process.exit(0)))
})

/** Bytes on the wire, made before the first request is sent. */
function wireRequests(spec: LoadSpec): Buffer[] {
  const of = (body: string, viewer: string) => {
    const own = viewer === '' ? '' : `authorization: ${viewer}\r\n`
    const head = `POST ${spec.path} HTTP/1.1\r\nhost: 127.0.0.1:${spec.port}\r\ncontent-type: application/json\r\naccept: application/json\r\n`
    const more = Object.entries(spec.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`)
    return Buffer.from(`${head}${own}${more.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  return requestsOf(spec).map(([body, viewer]) => of(spec.bodies[body]!, spec.authorizations[viewer]!))
}

async function run(spec: LoadSpec): Promise<LoadResult> {
  const requests = wireRequests(spec)
  const latencies: number[] = []
  let at = 0
  let errors = 0
  const began = performance.now()
  const ends = began + spec.seconds * 1_000
  const sockets = Array.from({ length: spec.connections }, () => connect(spec.port, '127.0.0.1'))
  await Promise.all(
    sockets.map(async (socket) => {
      const send = exchangeOver(socket.setNoDelay())
      while (performance.now() < ends) {
        const since = performance.now()
        const ok = await send(requests[at++ % requests.length]!)
        latencies.push(performance.now() - since)
        if (!ok) errors += 1
        if (socket.destroyed) break
      }
      socket.destroy()
    }),
  )
  const seconds = (performance.now() - began) / 1_000
  const sorted = Float64Array.from(latencies).toSorted()
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(sorted, share)) as [number, number, number]
  return { requests: latencies.length, seconds, errors, p50, p95, p99 }
}

/** Sends one request at a time and resolves with whether its answer, read to the end, is a 200. */
function exchangeOver(socket: Socket): (request: Buffer) => Promise<boolean> {
  let settle: (ok: boolean) => void = () => undefined
  let answer: Answer = { ok: false, head: '', missing: -1, tail: '' }
  socket.on('data', (chunk: Buffer) => {
    answer = withChunk(answer, chunk)
    if (answer.missing === 0) settle(answer.ok)
  })
  socket.on('error', () => settle(false))
  socket.on('close', () => settle(false))
  return (request) =>
    new Promise((resolve) => {
      settle = resolve
      answer = { ok: false, head: '', missing: -1, tail: '' }
      socket.write(request)
    })
}

/** An answer as far as it has come: -1 is missing while the head is not complete, or as long as chunks follow. */
interface Answer {
  readonly ok: boolean
  readonly head: string
  readonly missing: number
  readonly tail: string
}

const lastChunk = '0\r\n\r\n'

function withChunk(answer: Answer, chunk: Buffer): Answer {
  if (answer.missing > 0) return { ...answer, missing: answer.missing - chunk.length }
  if (answer.head.includes('\r\n\r\n')) return chunked(answer, chunk.toString('latin1'))
  const text = answer.head + chunk.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return { ...answer, head: text }
  const head = text.slice(0, end + 4)
  const ok = head.startsWith('HTTP/1.1 200')
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) return chunked({ ok, head, missing: -1, tail: '' }, text.slice(end + 4))
  return { ok, head, missing: Number(length) - (text.length - end - 4), tail: '' }
}

function chunked(answer: Answer, text: string): Answer {
  const tail = (answer.tail + text).slice(-lastChunk.length)
  return { ...answer, tail, missing: tail.endsWith(lastChunk) ? 0 : -1 }
}
