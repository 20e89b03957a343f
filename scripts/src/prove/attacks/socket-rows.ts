import WebSocket from 'ws'
import { hold, type Arena, type Row } from './row.ts'

interface Conversation {
  readonly socket: WebSocket
  readonly heard: { readonly type: string; readonly id?: string }[]
  send(message: object): void
  /** The code with which the other side closed. */
  readonly closed: Promise<number>
  /** Resolves when as many messages of a type came. */
  hear(type: string, count?: number): Promise<void>
}

async function converse(url: string): Promise<Conversation> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const heard: { type: string; id?: string }[] = []
  const waiting = new Set<() => void>()
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  socket.on('error', () => undefined)
  socket.on('message', (data: Buffer) => {
    heard.push(JSON.parse(String(data)) as { type: string })
    for (const look of waiting) look()
  })
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
  const count = (type: string) => heard.filter((one) => one.type === type).length
  return {
    socket,
    heard,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    hear: (type, wanted = 1) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (count(type) < wanted) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        void closed.then((code) => reject(new Error(`the socket closed with ${code}`)))
        look()
      }),
  }
}

const init = { type: 'connection_init' }
const subscribe = (id: string, query = '{ __typename }') => ({ id, type: 'subscribe', payload: { query } })

type Act = (one: Conversation) => void | Promise<void>

const closes = ([id, what]: readonly [string, string], code: number, act: Act): Row => ({
  id,
  what,
  run: async ({ url }) => {
    const one = await converse(url)
    await act(one)
    const got = await one.closed
    hold(got === code, `closed with ${got}`)
    return `closed with ${code}`
  },
})

async function greeted(url: string, payload?: object): Promise<Conversation> {
  const one = await converse(url)
  one.send({ ...init, ...(payload && { payload }) })
  await one.hear('connection_ack')
  return one
}

/** Attacks on sockets. */
export const socketRows: readonly Row[] = [
  closes(['T15', 'a socket that does not introduce itself'], 4408, () => undefined),
  closes(['T16', 'two introductions'], 4429, (one) => {
    one.send(init)
    one.send(init)
  }),
  closes(['T17', 'an operation before the introduction'], 4401, (one) => one.send(subscribe('1'))),
  closes(['T19', 'a message of 1 MB'], 1009, (one) => one.socket.send('x'.repeat(1_000_000))),
  closes(['T19', 'a message that is no JSON'], 4400, (one) => one.socket.send('{"type":')),
  {
    id: 'T18',
    what: '10,000 subscriptions on one socket',
    run: async ({ url }) => {
      const one = await greeted(url)
      const live = 'subscription { listingChanged(productId: "prd_01h455vb4pex5vsknk084sn02q") { cursor } }'
      for (let index = 0; index < 10_000; index += 1) one.send(subscribe(String(index), live))
      await one.hear('error', 9_000)
      const refused = one.heard.filter(({ type }) => type === 'error').length
      one.socket.terminate()
      return `${refused} refused so far, the socket lives`
    },
  },
  {
    id: 'T20',
    what: 'a token that ends while its socket is open',
    run: async (arena) => {
      const bound = { ...arena.buyer }
      const minutes = 10
      await arena.router.ask({ ahead: minutes * 60_000 - (performance.now() - arena.signedInAt) - 2_000 })
      try {
        const one = await greeted(arena.url, { authorization: `Bearer ${bound.token}` })
        const began = performance.now()
        const code = await one.closed
        const seconds = (performance.now() - began) / 1_000
        hold(code === 4403 && seconds < 30, `closed with ${code} after ${seconds} s`)
        return `closed with 4403 after ${seconds.toFixed(1)} s`
      } finally {
        await arena.router.ask({ ahead: 0 })
      }
    },
  },
  {
    id: 'T20',
    what: 'a session that is ended while its socket is open',
    run: (arena) => endsWithSession(arena),
  },
]

async function endsWithSession({ url, signIn, stranger, say }: Arena): Promise<string> {
  const { token, refreshToken } = await signIn(stranger)
  const one = await greeted(url, { authorization: `Bearer ${token}` })
  const query = `mutation { signOut(input: { refreshToken: "${refreshToken}" }) { __typename } }`
  await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  say('waiting until the router hears that a session has ended …')
  const began = performance.now()
  const code = await Promise.race([one.closed, new Promise<number>((resolve) => setTimeout(resolve, 31_000, 0).unref())])
  one.socket.terminate()
  const seconds = (performance.now() - began) / 1_000
  hold(code === 4403, 'the socket lives half a minute later')
  return `closed with 4403 after ${seconds.toFixed(1)} s`
}
