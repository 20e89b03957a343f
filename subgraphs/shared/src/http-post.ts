import { Pool, type Dispatcher } from 'undici'
import type { Stop } from './bus.ts'

/** What bounds a way to another process. */
export interface PostLimits {
  /** From sending to the last byte. */
  readonly deadlineMs: number
  readonly responseBytesMax: number
  /** Requests on their way at once; more are refused, so that a slow neighbour does not fill this process. */
  readonly inFlightMax: number
  readonly connectionsMax: number
}

/** An answer as text. */
export interface PostAnswer {
  readonly status: number
  readonly text: string
}

/** Posts JSON over kept-alive connections. Rejects when there is no whole answer within the limits. */
export interface Post {
  (headers: Readonly<Record<string, string>>, body: string): Promise<PostAnswer>
  stop: Stop
}

/** Opens a way to one address. Uses undici's dispatch: no stream object per answer, which halves what a small request costs. */
export function openPost(url: string, { deadlineMs, responseBytesMax, inFlightMax, connectionsMax }: PostLimits): Post {
  const { origin, pathname, search } = new URL(url)
  const pool = new Pool(origin, {
    connections: connectionsMax,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
  })
  let inFlight = 0
  const post = (headers: Readonly<Record<string, string>>, body: string) =>
    new Promise<PostAnswer>((resolve, reject) => {
      if (inFlight >= inFlightMax) {
        reject(new Error(`${inFlightMax} requests are on their way already`))
        return
      }
      inFlight += 1
      const options = { path: pathname + search, method: 'POST' as const, headers: { ...headers, ...jsonHeaders }, body }
      const settle = { resolve, reject, end: () => void (inFlight -= 1) }
      pool.dispatch(options, collecting(settle, { deadlineMs, responseBytesMax }))
    })
  return Object.assign(post, { stop: () => pool.close() })
}

const jsonHeaders = { 'content-type': 'application/json', accept: 'application/json' }

interface Settle {
  resolve(answer: PostAnswer): void
  reject(error: Error): void
  end(): void
}

/** Collects an answer's bytes and gives up when they are too many or too late. */
function collecting(
  { resolve, reject, end }: Settle,
  { deadlineMs, responseBytesMax }: Pick<PostLimits, 'deadlineMs' | 'responseBytesMax'>,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = []
  let size = 0
  let status = 0
  let abort: (() => void) | undefined
  const deadline = setTimeout(() => abort?.(), deadlineMs)
  return {
    onRequestStart: (controller) => void (abort = () => controller.abort(new Error(`no answer within ${deadlineMs} ms`))),
    onResponseStart: (_, statusCode) => void (status = statusCode),
    onResponseData: (controller, chunk) => {
      size += chunk.length
      if (size > responseBytesMax) controller.abort(new Error(`an answer of more than ${responseBytesMax} bytes`))
      else chunks.push(chunk)
    },
    onResponseEnd: () => {
      clearTimeout(deadline)
      end()
      resolve({ status, text: (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8') })
    },
    onResponseError: (_, error) => {
      clearTimeout(deadline)
      end()
      reject(error)
    },
  }
}
