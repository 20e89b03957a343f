import WebSocket from 'ws'

/** How an attack ends. */
export interface Ending {
  /** Of HTTP; the close code of a socket. */
  readonly status: number
  /** Codes of errors; none when it was answered. */
  readonly codes: readonly string[]
  readonly text: string
}

/** An operation as an attacker sends it. */
export interface Attack {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly token?: string
}

/** The ways over which operations come in: one that is missing is a fault of every attack that goes over it. */
export const ways = ['http', 'ws', 'sse'] as const

/** One of them. */
export type Way = (typeof ways)[number]

const answerWithinMs = 30_000

const readCodes = (text: string): readonly string[] =>
  [...text.matchAll(/"code":"([A-Z_]+)"/g)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]))

/** Sends anything over HTTP. */
export async function send(url: string, init: RequestInit): Promise<Ending> {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs), ...init })
  const text = await response.text()
  return { status: response.status, codes: readCodes(text), text }
}

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

/** Sends an operation over HTTP; `accept` makes it server-sent events. */
const overHttp = (url: string, { query, variables, token }: Attack, accept: string) =>
  send(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...bearer(token) },
    body: JSON.stringify({ query, variables }),
  })

/** Sends one operation over a socket of its own, until it ends or the first frame comes. */
function overSocket(url: string, { query, variables, token }: Attack): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    const timer = setTimeout(() => reject(new Error(`no answer over a socket: ${query.slice(0, 200)}`)), answerWithinMs)
    const end = (ending: Ending) => {
      clearTimeout(timer)
      socket.close()
      resolve(ending)
    }
    socket.on('error', (error) => end({ status: 0, codes: [], text: String(error) }))
    socket.on('close', (status) => end({ status, codes: [], text: '' }))
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(token) })))
    socket.on('message', (data: Buffer) => {
      const text = String(data)
      const { type } = JSON.parse(text) as { type: string }
      if (type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }))
      else if (type !== 'ping') end({ status: 200, codes: readCodes(text), text })
    })
  })
}

/** Sends an operation over a way. */
export function attack(url: string, way: Way, what: Attack): Promise<Ending> {
  if (way === 'ws') return overSocket(url, what)
  return overHttp(url, what, way === 'sse' ? 'text/event-stream' : 'application/json')
}
