import { request } from 'node:http'
import type { Frame } from './live-client.ts'

/** One event of an event stream: a result, the end, or a sign of life. */
export type ServerEvent =
  { readonly event: 'next'; readonly data: Frame } | { readonly event: 'complete' } | { readonly event: 'alive' }

/** An event stream that a test reads step by step. */
export interface EventReader {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  next(): Promise<ServerEvent | 'closed'>
  /** Reads the body no further until it is called again with false. */
  pause(paused: boolean): void
  close(): void
}

/** Posts an operation and reads its events. */
export async function readEvents(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventReader> {
  const sent = request(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
  })
  const response = await new Promise<Parameters<NonNullable<Parameters<typeof request>[2]>>[0]>((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
    sent.end(JSON.stringify(body))
  })
  const events: (ServerEvent | 'closed')[] = []
  let wake: () => void = () => undefined
  const put = (event: ServerEvent | 'closed') => {
    events.push(event)
    wake()
  }
  let text = ''
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    const parts = (text + chunk).split('\n\n')
    text = parts.pop() ?? ''
    for (const part of parts) put(eventOf(part))
  })
  response.on('close', () => put('closed'))
  response.on('error', () => undefined)
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    async next() {
      while (events.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return events.shift()!
    },
    pause: (paused) => void (paused ? response.pause() : response.resume()),
    close: () => sent.destroy(),
  }
}

function eventOf(text: string): ServerEvent {
  if (text.startsWith(':')) return { event: 'alive' }
  const [name, data] = text.split('\n')
  if (name === 'event: complete') return { event: 'complete' }
  return { event: 'next', data: JSON.parse((data ?? '').replace('data: ', '')) as Frame }
}
