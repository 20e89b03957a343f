import { createClient, type Client, type SubscribePayload } from 'graphql-ws'
import WebSocket from 'ws'

/** A frame as a client gets it. */
export interface Frame {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[]
}

/** How a stream ended: completed, or with errors. */
export type Ending = 'complete' | readonly { message: string; extensions?: Record<string, unknown> }[]

/** One stream of frames that a test reads step by step. */
export interface LiveStream {
  next(): Promise<Frame>
  readonly ended: Promise<Ending>
  /** What has come and was not read by `next`. */
  taken(): readonly Frame[]
  stop(): void
}

/** A graphql-ws client on a socket of its own. */
export function liveClient(
  url: string,
  connectionParams: Record<string, unknown> = {},
): Client & { open(payload: SubscribePayload): LiveStream; pause(paused: boolean): void } {
  let socket: WebSocket | undefined
  const client = createClient({
    url: url.replace('http', 'ws') + '/graphql',
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
    lazyCloseTimeout: 0,
    on: { opened: (opened) => (socket = opened as WebSocket) },
  })
  const open = (payload: SubscribePayload): LiveStream => {
    const frames: Frame[] = []
    const waiting: ((frame: Frame) => void)[] = []
    let end: (ending: Ending) => void = () => undefined
    const ended = new Promise<Ending>((resolve) => (end = resolve))
    const stop = client.subscribe(payload, {
      next: (frame) => {
        const first = waiting.shift()
        if (first) first(frame as Frame)
        else frames.push(frame as Frame)
      },
      error: (error) =>
        end(
          Array.isArray(error)
            ? (error as Ending)
            : [{ message: `closed: ${(error as CloseEvent).code} ${(error as CloseEvent).reason}` }],
        ),
      complete: () => end('complete'),
    })
    const next = () => {
      const ready = frames.shift()
      return ready ? Promise.resolve(ready) : new Promise<Frame>((resolve) => void waiting.push(resolve))
    }
    return { next, ended, taken: () => frames, stop }
  }
  const pause = (paused: boolean) => (paused ? socket?.pause() : socket?.resume())
  return { ...client, open, pause }
}

interface CloseEvent {
  readonly code: number
  readonly reason: string
}

/** A bare socket, for what a well-behaved client never does. */
export async function bareSocket(url: string, { autoPong = true } = {}) {
  const socket = new WebSocket(url.replace('http', 'ws') + '/graphql', 'graphql-transport-ws', { autoPong })
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  await new Promise<void>((resolve) => socket.on('open', () => resolve()))
  const said = (): Promise<{ type: string; id?: string; payload?: unknown }> =>
    new Promise((resolve) => socket.once('message', (text: Buffer) => resolve(JSON.parse(String(text)) as { type: string })))
  return {
    closed,
    said,
    say: (message: unknown) => socket.send(JSON.stringify(message)),
    sayText: (text: string) => socket.send(text),
    /** Says it, and resolves when the connection has taken it. */
    tell: (message: unknown) => new Promise<void>((resolve) => socket.send(JSON.stringify(message), () => resolve())),
    /** Answers a ping that nobody has sent. */
    pong: () => socket.pong(),
    pause: (paused: boolean) => (paused ? socket.pause() : socket.resume()),
    end: () => socket.terminate(),
  }
}
