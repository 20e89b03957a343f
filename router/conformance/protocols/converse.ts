import { setTimeout as pause } from 'node:timers/promises'
import WebSocket from 'ws'
import { isDeepStrictEqual } from 'node:util'
import type { SocketCase } from './socket-cases.ts'

/** Longer than the router waits for a greeting. */
const patienceMs = 8_000

/** What a socket has brought and was not looked at yet. */
interface Heard {
  next(): Promise<unknown>
  readonly waiting: number
}

/** Plays a conversation with the router; says what went wrong, or nothing. */
export async function converse(url: string, { protocols, refused, steps }: SocketCase): Promise<readonly string[]> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, [...(protocols ?? ['graphql-transport-ws'])])
  const heard = listen(socket)
  const opened = await new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  socket.on('error', () => undefined)
  try {
    if (!opened) return refused ? [] : ['the handshake was refused']
    if (refused) return ['the handshake was not refused']
    return await play(socket, heard, steps)
  } finally {
    socket.terminate()
  }
}

function listen(socket: WebSocket): Heard {
  const come: unknown[] = []
  const wanted: ((value: unknown) => void)[] = []
  const take = (value: unknown) => {
    const first = wanted.shift()
    if (first) first(value)
    else come.push(value)
  }
  socket.on('message', (data: Buffer) => take(JSON.parse(String(data))))
  socket.on('close', (code) => take(code))
  return {
    next: () => (come.length > 0 ? Promise.resolve(come.shift()) : new Promise((resolve) => void wanted.push(resolve))),
    get waiting() {
      return come.length
    },
  }
}

async function play(socket: WebSocket, heard: Heard, steps: SocketCase['steps']): Promise<readonly string[]> {
  for (const [index, step] of steps.entries()) {
    if ('says' in step) {
      const { says } = step
      socket.send(typeof says === 'string' || Buffer.isBuffer(says) ? says : JSON.stringify(says))
    } else if ('quiet' in step) {
      await pause(step.quiet)
      if (heard.waiting > 0) return [`step ${index + 1}: heard ${JSON.stringify(await heard.next())}, not nothing`]
    } else {
      const wanted = 'closed' in step ? step.closed : step.hears
      const got = await Promise.race([heard.next(), pause(patienceMs, 'nothing', { ref: false })])
      if (!fits(got, wanted)) return [`step ${index + 1}: heard ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`]
    }
  }
  return []
}

/** Whether a message has all that is expected of it. */
function fits(got: unknown, wanted: object | number): boolean {
  if (typeof wanted === 'number') return got === wanted
  if (typeof got !== 'object' || got === null) return false
  return Object.entries(wanted).every(([name, value]) => isDeepStrictEqual((got as Record<string, unknown>)[name], value))
}
