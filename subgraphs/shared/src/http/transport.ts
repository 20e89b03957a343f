import type { ExecutionResult } from 'graphql'
import type { Stop } from '../events/bus.ts'
import { openPost } from './post.ts'
import { limits } from '../limits.ts'
import { NotSignedIn, Unavailable } from '../problems.ts'
import { socketSubscription } from './socket-subscription.ts'

/** Path that subgraphs answer GraphQL at; it is part of what is signed. */
export const graphqlPath = '/graphql'

/** Header by which the router asks a subgraph how many statements an operation took. */
export const explainHeader = 'x-pasar-explain'

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
    subscribe: async (subscription) => socketSubscription({ name, url: address.replace(/^http/, 'ws') }, subscription),
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
