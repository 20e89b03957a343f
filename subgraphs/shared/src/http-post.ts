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
export function openPost(url: string, postLimits: PostLimits): Post {
  const { origin, pathname, search } = new URL(url)
  const { deadlineMs, inFlightMax, connectionsMax } = postLimits
  const pool = new Pool(origin, {
    connections: connectionsMax,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
  })
  const path = pathname + search
  const counter: Counter = { inFlight: 0 }
  const post = (headers: Readonly<Record<string, string>>, body: string) =>
    new Promise<PostAnswer>((resolve, reject) => {
      if (counter.inFlight >= inFlightMax) {
        reject(new Error(`${inFlightMax} requests are on their way already`))
        return
      }
      const options = { path, method: 'POST' as const, headers: { ...headers, ...jsonHeaders }, body }
      pool.dispatch(options, new PendingAnswer({ resolve, reject }, postLimits, counter))
    })
  return Object.assign(post, { stop: () => pool.close() })
}

const jsonHeaders = { 'content-type': 'application/json', accept: 'application/json' }

interface Counter {
  inFlight: number
}

interface Settle {
  resolve(answer: PostAnswer): void
  reject(error: Error): void
}

/** Collects an answer's bytes and gives up when they are too many or too late. A class, because closures are made anew for each request. */
class PendingAnswer implements Dispatcher.DispatchHandler {
  readonly #settle: Settle
  readonly #limits: PostLimits
  readonly #counter: Counter
  readonly #deadline: NodeJS.Timeout
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #size = 0
  #status = 0

  constructor(settle: Settle, limits: PostLimits, counter: Counter) {
    this.#settle = settle
    this.#limits = limits
    this.#counter = counter
    counter.inFlight += 1
    this.#deadline = setTimeout(giveUp, limits.deadlineMs, this)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#size <= this.#limits.responseBytesMax) this.#chunks.push(chunk)
    else controller.abort(new Error(`an answer of more than ${this.#limits.responseBytesMax} bytes`))
  }

  onResponseEnd(): void {
    this.#end()
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    this.#settle.resolve({ status: this.#status, text: bytes.toString('utf8') })
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end()
    this.#settle.reject(error)
  }

  /** Ends a request that took too long; one that still waits for a connection is given up when it gets one. */
  giveUp(): void {
    const error = new Error(`no answer within ${this.#limits.deadlineMs} ms`)
    if (this.#controller) this.#controller.abort(error)
    else this.#settle.reject(error)
  }

  #end(): void {
    clearTimeout(this.#deadline)
    this.#counter.inFlight -= 1
  }
}

const giveUp = (pending: PendingAnswer) => pending.giveUp()
