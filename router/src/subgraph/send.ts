import { errorDetails, type Log } from '@pasar/shared/log'
import { internalError, isUnavailable, Unavailable, type CodedError } from '@pasar/shared/problems'
import { explainHeader, type SubgraphRequest, type SubgraphTransport } from '@pasar/shared/http/transport'
import type { RequestIdentity } from '@pasar/shared/identity/viewer'
import type { ExecutionResult } from 'graphql'
import type { SendFetch, SubgraphAnswer, SubgraphFetch } from '../execution/execution.ts'
import type { VerifiedToken } from '../identity/access-token.ts'
import { formatted } from './answer-errors.ts'
import { openBreaker, type Breaker } from './breaker.ts'

/** Who asks, and what of the client's request is handed on. */
export interface Caller extends RequestIdentity {
  /** Where the client is, as far as we know and believe it; absent for what the router asks by itself. */
  readonly address?: string
  /** Headers that the router was told to hand on to subgraphs. */
  readonly handedOn?: Readonly<Record<string, string>>
  /** The token that says so. */
  readonly token?: VerifiedToken | undefined
  /** Gets an entry for each fetch, when a developer asked to see them. */
  readonly trace?: Trace
}

/** What a developer is shown of one operation. */
export interface Trace {
  /** Of `performance.now()`. */
  readonly startedAt: number
  readonly fetches: FetchTrace[]
}

/** What one fetch took. */
export interface FetchTrace {
  readonly subgraph: string
  readonly query: string
  /** Since the operation began. */
  readonly startMs: number
  readonly ms: number
  /** SQL statements, as the subgraph counted them. */
  readonly statements: number | undefined
  readonly failed: boolean
}

/** Makes the headers by which a subgraph knows who asks. */
export type HeadersFor = (
  subgraph: string,
  caller: Caller,
  body: string,
) => SubgraphRequest['headers'] | Promise<SubgraphRequest['headers']>

/** Looks at what the router does, for tests of budgets and for metrics. */
export interface Explain {
  /** Called with each operation that goes to a subgraph. */
  onFetch?(subgraph: string, query: string): void
  /** Called when it has ended. */
  onFetched?(subgraph: string, ms: number, failed: boolean): void
}

/** What reaching subgraphs takes. */
export interface SendOptions {
  readonly transports: Readonly<Record<string, SubgraphTransport>>
  readonly headersFor: HeadersFor
  readonly log: Log
  readonly explain?: Explain | undefined
}

/** Makes, for whoever asks, the way by which fetches reach subgraphs. What it rejects with may be told to the client. */
export function openSend(options: SendOptions): (caller: Caller) => SendFetch {
  const { explain } = options
  const breakers = new Map(Object.keys(options.transports).map((name) => [name, openBreaker()]))
  return (caller) => async (fetch) => {
    const { subgraph, query } = fetch
    explain?.onFetch?.(subgraph, query)
    const watch = caller.trace || explain?.onFetched ? { explain, caller, fetch, startedAt: performance.now() } : undefined
    try {
      const result = await reach(options, { caller, fetch, breaker: breakers.get(subgraph) })
      if (watch) noteFetch(watch, result)
      return answerOf(result)
    } catch (error) {
      if (watch) noteFetch(watch, undefined)
      options.log.warn({ ...errorDetails(error), subgraph, requestId: caller.requestId }, 'a fetch failed')
      throw toTell(error).told(caller.locale)
    }
  }
}

interface Reach {
  readonly caller: Caller
  readonly fetch: SubgraphFetch
  readonly breaker: Breaker | undefined
}

async function reach({ transports, headersFor }: SendOptions, { caller, fetch, breaker }: Reach): Promise<ExecutionResult> {
  const { subgraph, body } = fetch
  const transport = transports[subgraph]
  if (!transport || !breaker) throw new Error(`The router knows no way to the subgraph ${subgraph}`)
  if (!breaker.mayPass()) throw new Unavailable(subgraph)
  const signed = await headersFor(subgraph, caller, body)
  const headers = caller.trace ? { ...signed, [explainHeader]: '1' } : signed
  try {
    const result = await transport.execute({ headers, body })
    breaker.note(true)
    return result
  } catch (error) {
    breaker.note(!isUnavailable(error))
    throw error
  }
}

interface Watch {
  readonly explain: Explain | undefined
  readonly caller: Caller
  readonly fetch: SubgraphFetch
  readonly startedAt: number
}

function noteFetch(
  { explain, caller: { trace }, fetch: { subgraph, query }, startedAt }: Watch,
  result: ExecutionResult | undefined,
) {
  const ms = performance.now() - startedAt
  const failed = result === undefined
  explain?.onFetched?.(subgraph, ms, failed)
  if (!trace) return
  const statements = result?.extensions?.['statements']
  const counted = typeof statements === 'number' ? statements : undefined
  trace.fetches.push({ subgraph, query, startMs: startedAt - trace.startedAt, ms, failed, statements: counted })
}

const answerOf = ({ data, errors }: ExecutionResult): SubgraphAnswer => ({ data, errors: errors?.map(formatted) })

/** A subgraph that refuses our signature is our fault, not the client's: only absence is told, anything else is masked. */
export const toTell = (error: unknown): CodedError =>
  isUnavailable(error) ? new Unavailable('A part of the market') : internalError()
