import type { Stop } from '../events/bus.ts'
import type { PostAnswer, WholeAnswer } from './answer.ts'
import { openConnection, type Connection, type ConnectionEvents } from './connection.ts'

/** What bounds a way to another process. */
export interface PostLimits {
  /** From sending to the last byte. */
  readonly deadlineMs: number
  readonly responseBytesMax: number
  /** Requests on their way at once; more are refused, so that a slow neighbour does not fill this process. */
  readonly inFlightMax: number
  readonly connectionsMax: number
}

/** Posts JSON over kept-alive connections. Rejects when there is no whole answer within the limits. */
export interface Post {
  (headers: Readonly<Record<string, string>>, body: string): Promise<PostAnswer>
  stop: Stop
}

/**
 * Opens a way to one address. A client of our own in place of undici's, because a router does little else than this: it costs less than
 * half per request.
 */
export function openPost(url: string, postLimits: PostLimits): Post {
  const pool = new Pool(new URL(url), postLimits)
  const post = (headers: Readonly<Record<string, string>>, body: string) => pool.post(headers, body)
  return Object.assign(post, { stop: () => pool.stop() })
}

/** A request on its way. */
interface Pending {
  readonly head: string
  readonly body: string
  resolve(answer: PostAnswer): void
  reject(error: Error): void
  deadline: NodeJS.Timeout | undefined
  connection: Connection | undefined
}

interface Idle {
  readonly connection: Connection
  /** Of `performance.now()`. */
  readonly until: number
}

const sweepEveryMs = 5_000

/** The connections to one address. A class, because closures are made anew for each request. */
class Pool implements ConnectionEvents {
  readonly #url: URL
  readonly #limits: PostLimits
  readonly #start: string
  readonly #busy = new Map<Connection, Pending>()
  /** Requests that wait for a connection, in the order in which they came. */
  readonly #waiting = new Set<Pending>()
  /** The last to become idle is the first to be used, so that those that are not needed end. */
  readonly #idle: Idle[] = []
  readonly #sweeper: NodeJS.Timeout
  #drained: (() => void) | undefined
  #stopped = false

  constructor(url: URL, postLimits: PostLimits) {
    this.#url = url
    this.#limits = postLimits
    this.#start =
      `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n` +
      'connection: keep-alive\r\ncontent-type: application/json\r\naccept: application/json\r\n'
    this.#sweeper = setInterval(() => this.#sweep(), sweepEveryMs).unref()
  }

  post(headers: Readonly<Record<string, string>>, body: string): Promise<PostAnswer> {
    return new Promise((resolve, reject) => {
      const { inFlightMax, deadlineMs } = this.#limits
      if (this.#stopped) throw new Error('nothing is sent any more')
      if (this.#busy.size + this.#waiting.size >= inFlightMax) throw new Error(`${inFlightMax} requests are on their way already`)
      const head = this.#start + headerLines(headers)
      const pending: Pending = { head, body, resolve, reject, deadline: undefined, connection: undefined }
      pending.deadline = setTimeout(giveUp, deadlineMs, this, pending)
      this.#begin(pending)
    })
  }

  onAnswer(connection: Connection, { status, text, idleMs }: WholeAnswer): void {
    const pending = this.#release(connection)
    if (idleMs === 0 || this.#stopped) connection.close()
    else this.#idle.push({ connection, until: performance.now() + idleMs })
    pending?.resolve({ status, text })
    this.#goOn()
  }

  onLost(connection: Connection, error: Error): void {
    const idle = this.#idle.findIndex((one) => one.connection === connection)
    if (idle >= 0) this.#idle.splice(idle, 1)
    this.#release(connection)?.reject(error)
    this.#goOn()
  }

  giveUp(pending: Pending): void {
    const { connection } = pending
    this.#waiting.delete(pending)
    if (connection) {
      connection.close()
      this.#release(connection)
    }
    pending.reject(new Error(`no answer within ${this.#limits.deadlineMs} ms`))
    this.#goOn()
  }

  /** Takes no new requests, and ends the connections when those under way are answered. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#sweeper)
    for (const { connection } of this.#idle.splice(0)) connection.close()
    if (this.#busy.size > 0 || this.#waiting.size > 0) await new Promise<void>((resolve) => (this.#drained = resolve))
  }

  #release(connection: Connection): Pending | undefined {
    const pending = this.#busy.get(connection)
    if (!pending) return undefined
    this.#busy.delete(connection)
    clearTimeout(pending.deadline)
    return pending
  }

  /** Lets those who wait have what was set free. */
  #goOn(): void {
    for (const pending of this.#waiting) {
      const connection = this.#free()
      if (!connection) break
      this.#waiting.delete(pending)
      this.#sendOn(connection, pending)
    }
    if (this.#busy.size === 0 && this.#waiting.size === 0) this.#drained?.()
  }

  #free(): Connection | undefined {
    const now = performance.now()
    for (let last = this.#idle.pop(); last; last = this.#idle.pop()) {
      if (last.until > now) return last.connection
      last.connection.close()
    }
    if (this.#busy.size >= this.#limits.connectionsMax) return undefined
    return openConnection(this.#url, this.#limits.responseBytesMax, this)
  }

  #begin(pending: Pending): void {
    const connection = this.#waiting.size === 0 ? this.#free() : undefined
    if (connection) this.#sendOn(connection, pending)
    else this.#waiting.add(pending)
  }

  #sendOn(connection: Connection, pending: Pending): void {
    pending.connection = connection
    this.#busy.set(connection, pending)
    connection.send(pending.head, pending.body)
  }

  #sweep(): void {
    const now = performance.now()
    const ended = this.#idle.filter(({ until }) => until <= now)
    if (ended.length === 0) return
    this.#idle.splice(0, this.#idle.length, ...this.#idle.filter(({ until }) => until > now))
    for (const { connection } of ended) connection.close()
  }
}

const giveUp = (pool: Pool, pending: Pending) => pool.giveUp(pending)

const fieldName = /^[\w!#$%&'*+.^`|~-]+$/
/** What could end a line, and so begin another header, is in none. */
const fieldValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/
/** How the body is sent is said here alone. */
const ownFields = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'content-type',
  'accept',
  'expect',
  'upgrade',
])

function headerLines(headers: Readonly<Record<string, string>>): string {
  let lines = ''
  for (const name of Object.keys(headers)) {
    const value = headers[name]!
    if (ownFields.has(name)) continue
    if (!fieldName.test(name) || !fieldValue.test(value)) throw new TypeError(`${JSON.stringify(name)} is no header to send`)
    lines += `${name}: ${value}\r\n`
  }
  return lines
}
