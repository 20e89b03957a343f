import type { ExecutionResult } from 'graphql'
import { createClient, type SubscribePayload } from 'graphql-ws'
import WebSocket from 'ws'
import { end, iteratorOf } from '../flow/iterators.ts'
import { limits } from '../limits.ts'
import { NotSignedIn, Unavailable } from '../problems.ts'

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
 * Unavailable when the socket is not taken up in time, is lost or falls silent, with NotSignedIn when the other side does not believe the
 * identity.
 */
export function socketSubscription(
  { name, url }: SocketAddress,
  { headers, payload }: SignedSubscription,
): AsyncIterableIterator<ExecutionResult> {
  const arrived = openArrivals()
  /** graphql-ws opens the socket by itself: here it is known from its first moment on, and not only when it is open. */
  class KnownSocket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol)
      arrived.readFrom(this)
    }
  }
  let isTakenUp = false
  const opening = setTimeout(() => arrived.cut(), limits.upstreamOpenMs).unref()
  const client = createClient({
    url,
    webSocketImpl: KnownSocket,
    lazy: true,
    retryAttempts: 0,
    keepAlive: limits.upstreamPingMs,
    connectionParams: headers,
    on: {
      connected: () => {
        isTakenUp = true
        clearTimeout(opening)
      },
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
  const letGo = () => {
    clearTimeout(opening)
    // graphql-ws would wait for the other side to take it up.
    if (isTakenUp) Promise.resolve(client.dispose()).catch(() => undefined)
    else arrived.cut()
  }
  const stop = async () => {
    arrived.end()
    letGo()
  }
  return iteratorOf(async () => {
    try {
      const step = await arrived.next()
      if (step.done || step.value.data === undefined) letGo()
      return step
    } catch (error) {
      letGo()
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
  /** What to do without the answer to a ping; undefined when none is owed. */
  let giveUp: (() => void) | undefined
  let ended = false
  /** Of a paused socket no answer is read. */
  const waitForPong = () => {
    clearTimeout(pongDue)
    if (giveUp && !socket?.isPaused) pongDue = setTimeout(giveUp, limits.upstreamPongMs).unref()
  }
  const pong = () => {
    giveUp = undefined
    clearTimeout(pongDue)
  }
  const resume = () => {
    if (!socket?.isPaused) return
    socket.resume()
    waitForPong()
  }
  const put = (item: Step | Error) => {
    if (ended) return
    ready.push(item)
    wake?.()
    if (ready.length < limits.upstreamReadyMax || !socket || socket.isPaused) return
    socket.pause()
    waitForPong()
  }
  return {
    readFrom: (opened: WebSocket) => void (socket = opened),
    cut: () => socket?.terminate(),
    expectPong(otherwise: () => void) {
      giveUp = otherwise
      waitForPong()
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
      resume()
      wake?.()
    },
    async next(): Promise<Step> {
      while (ready.length === 0 && !ended) {
        resume()
        await new Promise<void>((resolve) => (wake = resolve))
      }
      const item = ready.shift() ?? end
      if (item instanceof Error) throw item
      return item
    },
  }
}
