import type { ExecutionResult } from 'graphql'
import { createClient } from 'graphql-ws'
import { Pool } from 'undici'
import WebSocket from 'ws'
import type { Stop } from './bus.ts'
import { iteratorOf } from './iterators.ts'
import { limits } from './limits.ts'
import { CodedError, NotSignedIn, Unavailable } from './problems.ts'

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
  const { origin } = new URL(url)
  const pool = new Pool(origin, {
    connections: 64,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    maxResponseSize: limits.subgraphResponseBytesMax,
  })
  return {
    async execute({ headers, body }) {
      try {
        const response = await pool.request({
          path: graphqlPath,
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
          body,
          headersTimeout: limits.subgraphTimeoutMs,
          bodyTimeout: limits.subgraphTimeoutMs,
        })
        const result = (await response.body.json()) as ExecutionResult
        if (response.statusCode === 401) throw new NotSignedIn()
        if (response.statusCode >= 400 && !result.errors) throw new Unavailable(name)
        return result
      } catch (error) {
        throw error instanceof CodedError ? error : new Unavailable(name)
      }
    },
    subscribe: async (subscription) => socketSubscription(name, `${origin.replace(/^http/, 'ws')}${graphqlPath}`, subscription),
    stop: () => pool.close(),
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
