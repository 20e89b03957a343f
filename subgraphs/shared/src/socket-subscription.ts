import type { ExecutionResult } from 'graphql'
import { createClient, type SubscribePayload } from 'graphql-ws'
import WebSocket from 'ws'
import { end, iteratorOf } from './iterators.ts'
import { limits } from './limits.ts'
import { NotSignedIn, Unavailable } from './problems.ts'

type Step = IteratorResult<ExecutionResult>

/** Where to subscribe; the name is for logs. */
export interface SocketAddress {
  readonly name: string
  /** ws: or wss: */
  readonly url: string
}

/** What is asked over a socket of its own, and in whose name. */
export interface SignedSubscription {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: SubscribePayload
}

/**
 * Results of a subscription over graphql-ws, on a socket of its own, so that its signed identity is the identity of exactly this stream.
 * While nobody reads, the socket is paused: what has not been read stays where it is kept for good, in the subgraph's log. Rejects with
 * Unavailable when the socket is lost or falls silent, with NotSignedIn when the other side does not believe the identity.
 */
export function socketSubscription(
  { name, url }: SocketAddress,
  { headers, payload }: SignedSubscription,
): AsyncIterableIterator<ExecutionResult> {
  const arrived = openArrivals()
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    lazy: true,
    retryAttempts: 0,
    keepAlive: limits.upstreamPingMs,
    connectionParams: headers,
    on: {
      opened: (socket) => arrived.readFrom(socket as WebSocket),
      // A socket whose other side is gone without a word answers no ping.
      ping: (received) => void (received || arrived.expectPong(() => client.terminate())),
      pong: (received) => void (received && arrived.pong()),
    },
  })
  client.subscribe<ExecutionResult['data']>(payload, {
    next: (result) => arrived.add({ value: result as ExecutionResult, done: false }),
    error: (error) => {
      if (Array.isArray(error)) arrived.add({ value: { errors: error as NonNullable<ExecutionResult['errors']> }, done: false })
      else arrived.fail(isClosedDoor(error) ? new NotSignedIn() : new Unavailable(name))
    },
    complete: () => arrived.add({ value: undefined, done: true }),
  })
  const stop = async () => {
    arrived.end()
    await client.dispose()
  }
  return iteratorOf(async () => {
    try {
      const step = await arrived.next()
      if (step.done || step.value.data === undefined) await client.dispose()
      return step
    } catch (error) {
      await client.dispose()
      throw error
    }
  }, stop)
}

/** How a subgraph closes a socket whose identity it does not believe; graphql-ws calls it Forbidden. */
export const doorClosed = 4403

const isClosedDoor = (error: unknown): boolean => (error as { readonly code?: unknown } | null)?.code === doorClosed

/** What has arrived and was not read yet: a few results, while the socket waits. */
function openArrivals() {
  const ready: (Step | Error)[] = []
  let wake: (() => void) | undefined
  let socket: WebSocket | undefined
  let pongDue: NodeJS.Timeout | undefined
  const pong = () => clearTimeout(pongDue)
  let ended = false
  const put = (item: Step | Error) => {
    if (ended) return
    ready.push(item)
    wake?.()
    if (ready.length < limits.upstreamReadyMax || !socket || socket.isPaused) return
    pong()
    socket.pause()
  }
  return {
    readFrom: (opened: WebSocket) => void (socket = opened),
    expectPong(giveUp: () => void) {
      pong()
      if (!socket?.isPaused) pongDue = setTimeout(giveUp, limits.upstreamPongMs).unref()
    },
    pong,
    add: (step: Step) => put(step),
    fail(error: Error) {
      pong()
      put(error)
    },
    /** Nothing is read any more; a paused socket could not even be closed. */
    end() {
      pong()
      ended = true
      ready.length = 0
      socket?.resume()
      wake?.()
    },
    async next(): Promise<Step> {
      while (ready.length === 0 && !ended) {
        socket?.resume()
        await new Promise<void>((resolve) => (wake = resolve))
      }
      const item = ready.shift() ?? end
      if (item instanceof Error) throw item
      return item
    },
  }
}
