import { request } from 'node:http'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

/** A frame, as far as a follower must understand it. */
export interface Frame {
  readonly cursor: string
  readonly event: string
  readonly order: unknown
}

/** Somebody who follows an order, whatever happens to the connection. */
export interface Follower {
  readonly name: string
  /** The only reason for which its connection may end; none when it is to stay. */
  readonly endsBy?: string | undefined
  readonly frames: readonly Frame[]
  /** How often the connection ended, by the reason. */
  readonly ends: Readonly<Record<string, number>>
  /** Resolves when so many frames have come. */
  has(frames: number): Promise<void>
  /** Resolves when the connection has ended for this reason. */
  hasEnded(reason: string): Promise<void>
  stop(): void
}

/** How somebody follows. */
export interface FollowerOptions {
  readonly name: string
  readonly endsBy?: string
  readonly url: string
  readonly protocol: 'ws' | 'sse'
  readonly query: string
  readonly orderId: string
  /** Cuts its own connection at every frame. */
  readonly cuts: boolean
  token(): Promise<string>
}

/** One connection: ends by `ended`, with a reason, or when it is cut. */
interface Line {
  readonly options: FollowerOptions
  readonly token: string
  readonly after: string
  next(data: unknown): void
  ended(reason: string): void
}

const withinMs = 60_000
const againAfterMs = 30

/** Follows from the first event on, and from the last cursor whenever the connection has ended. */
export function follow(options: FollowerOptions): Follower {
  const frames: Frame[] = []
  const ends: Record<string, number> = {}
  const waiting = new Set<() => void>()
  let cut: () => void = () => undefined
  let stopped = false
  const changed = () => waiting.forEach((look) => look())
  const connect = async () => {
    let open = true
    const ended = (reason: string) => {
      if (!open || stopped) return
      open = false
      ends[reason] = (ends[reason] ?? 0) + 1
      changed()
      setTimeout(() => void connect(), againAfterMs)
    }
    const next = (data: unknown) => {
      if (!open) return
      frames.push((data as { orderUpdated: Frame }).orderUpdated)
      if (options.cuts) {
        cut()
        ended('cut')
      }
      changed()
    }
    const line = { options, token: await options.token(), after: frames.at(-1)?.cursor ?? 'START', next, ended }
    if (!stopped) cut = options.protocol === 'ws' ? overSocket(line) : overEvents(line)
  }
  void connect()
  const until = (what: string, holds: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!holds()) return
        clearTimeout(late)
        waiting.delete(look)
        resolve()
      }
      const late = setTimeout(() => reject(new Error(`${options.name} has not got ${what}: ${JSON.stringify(ends)}`)), withinMs)
      waiting.add(look)
      look()
    })
  return {
    name: options.name,
    endsBy: options.endsBy,
    frames,
    ends,
    has: (count) => until(`${count} frames but ${frames.length}`, () => frames.length >= count),
    hasEnded: (reason) => until(reason, () => (ends[reason] ?? 0) > 0),
    stop: () => {
      stopped = true
      cut()
    },
  }
}

const bodyOf = ({ options: { query, orderId }, after }: Line) => ({ query, variables: { id: orderId, after } })

interface Refusal {
  readonly extensions?: { readonly code?: string }
}

const codeOf = (errors: readonly Refusal[]) => errors[0]?.extensions?.code ?? 'no code'

function overSocket(line: Line): () => void {
  const client = createClient({
    url: `${line.options.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${line.token}`, 'accept-language': 'en' },
    retryAttempts: 0,
    lazyCloseTimeout: 0,
  })
  client.subscribe(bodyOf(line), {
    next: ({ data, errors }) => (data ? line.next(data) : line.ended(codeOf((errors ?? []) as readonly Refusal[]))),
    error: (error) => {
      const { code, reason } = error as { code?: number; reason?: string }
      line.ended(Array.isArray(error) ? codeOf(error as Refusal[]) : `${code} ${reason}`)
    },
    complete: () => line.ended('complete'),
  })
  return () => client.terminate()
}

function overEvents(line: Line): () => void {
  const headers = { accept: 'text/event-stream', 'content-type': 'application/json', 'accept-language': 'en' }
  const sent = request(`${line.options.url}/graphql`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${line.token}` },
  })
  sent.on('error', () => line.ended('connection lost'))
  sent.on('response', (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      const events = (text + chunk).split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        if (!event.startsWith('event: next')) continue
        const result = JSON.parse(event.slice(event.indexOf('data: ') + 6)) as { data?: unknown; errors?: Refusal[] }
        if (result.data) line.next(result.data)
        else line.ended(codeOf(result.errors ?? []))
      }
    })
    response.on('error', () => undefined)
    response.on('close', () => line.ended('connection lost'))
  })
  sent.end(JSON.stringify(bodyOf(line)))
  return () => sent.destroy()
}
