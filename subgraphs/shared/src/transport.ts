import type { ExecutionResult } from 'graphql'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import type { Stop } from './bus.ts'
import { openPost } from './http-post.ts'
import { iteratorOf } from './iterators.ts'
import { limits } from './limits.ts'
import { NotSignedIn, Unavailable } from './problems.ts'

/** Path that subgraphs answer GraphQL at; it is part of what is signed. */
export const graphqlPath = '/graphql'

/** A signed operation on its way to a subgraph. */
export interface SubgraphRequest {
  readonly headers: Readonly<Record<string, string>>
  /** JSON text of `{ query, variables, operationName }`; exactly what the signature covers. */
  readonly body: string
}

/** A subscription on its way to a subgraph; its signature covers the empty body. */
export interface SubgraphSubscription {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: { readonly query: string; readonly variables?: Record<string, unknown>; readonly operationName?: string }
}

/** How a process reaches one subgraph: a function call in the same process, or HTTP and WebSocket. */
export interface SubgraphTransport {
  execute(request: SubgraphRequest): Promise<ExecutionResult>
  /** Results of a subscription; rejects with Unavailable when the subgraph is lost, so that nobody takes silence for an end. */
  subscribe(subscription: SubgraphSubscription): Promise<AsyncIterableIterator<ExecutionResult>>
  stop: Stop
}

/** Reaches a subgraph over HTTP keep-alive connections and graphql-ws, with a deadline and a cap on the size of answers. */
export function httpTransport(name: string, url: string): SubgraphTransport {
  const { origin, pathname, search } = new URL(url)
  const address = origin + (pathname === '/' ? graphqlPath : pathname) + search
  const post = openPost(address, {
    deadlineMs: limits.subgraphTimeoutMs,
    responseBytesMax: limits.subgraphResponseBytesMax,
    inFlightMax: limits.subgraphFetchesMax,
    connectionsMax: limits.subgraphConnectionsMax,
  })
  return {
    async execute({ headers, body }) {
      const { status, text } = await post(headers, body).catch((error: unknown) => Promise.reject(silent(name, error)))
      const result = readResult(text)
      if (status === 401) throw new NotSignedIn()
      if (!result || (status >= 400 && !result.errors)) throw new Unavailable(name)
      return result
    },
    subscribe: async (subscription) => socketSubscription(name, address.replace(/^http/, 'ws'), subscription),
    stop: () => post.stop(),
  }
}

const silent = (name: string, cause: unknown) => Object.assign(new Unavailable(name), { cause })

function readResult(text: string): ExecutionResult | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** One socket per subscription, so that its signed identity is the identity of exactly this stream. */
function socketSubscription(
  name: string,
  url: string,
  { headers, payload }: SubgraphSubscription,
): AsyncIterableIterator<ExecutionResult> {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    lazy: true,
    retryAttempts: 0,
    keepAlive: 10_000,
    connectionParams: headers,
  })
  const results = client.iterate(payload) as AsyncIterableIterator<ExecutionResult>
  const close = async () => {
    void results.return?.()
    await client.dispose()
  }
  return iteratorOf(async () => {
    try {
      const result = await results.next()
      if (result.done) await client.dispose()
      return result
    } catch (error) {
      await client.dispose()
      if (Array.isArray(error)) return { value: { errors: error }, done: false }
      throw new Unavailable(name)
    }
  }, close)
}
