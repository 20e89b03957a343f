import { errorDetails, type Log } from '@pasar/shared/log'
import { CodedError, internalError, Unavailable } from '@pasar/shared/problems'
import type { SubgraphRequest, SubgraphTransport } from '@pasar/shared/transport'
import type { RequestIdentity } from '@pasar/shared/viewer'
import type { ExecutionResult } from 'graphql'
import type { SendFetch, SubgraphAnswer, SubgraphFetch } from '../execution/execution.ts'
import { formatted } from './answer-errors.ts'

/** Who asks, and what of the client's request is handed on. */
export interface Caller extends RequestIdentity {
  /** Where the client is, as far as we know and believe it; absent for what the router asks by itself. */
  readonly address?: string
  /** Headers that the router was told to hand on to subgraphs. */
  readonly handedOn?: Readonly<Record<string, string>>
  /** When the token ends that says so. */
  readonly expires?: Date | undefined
}

/** Makes the headers by which a subgraph knows who asks. */
export type HeadersFor = (
  subgraph: string,
  caller: Caller,
  body: string,
) => SubgraphRequest['headers'] | Promise<SubgraphRequest['headers']>

/** Looks at what the router does, for tests of budgets and for developers. */
export interface Explain {
  /** Called with each operation that goes to a subgraph. */
  onFetch?(subgraph: string, query: string): void
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
  return (caller) => async (fetch) => {
    options.explain?.onFetch?.(fetch.subgraph, fetch.query)
    try {
      return answerOf(await reach(options, caller, fetch))
    } catch (error) {
      const { subgraph } = fetch
      options.log.warn({ ...errorDetails(error), subgraph, requestId: caller.requestId }, 'a fetch failed')
      throw toTell(error).told(caller.locale)
    }
  }
}

async function reach(
  { transports, headersFor }: SendOptions,
  caller: Caller,
  { subgraph, body }: SubgraphFetch,
): Promise<ExecutionResult> {
  const transport = transports[subgraph]
  if (!transport) throw new Error(`The router knows no way to the subgraph ${subgraph}`)
  return transport.execute({ headers: await headersFor(subgraph, caller, body), body })
}

const answerOf = ({ data, errors }: ExecutionResult): SubgraphAnswer => ({ data, errors: errors?.map(formatted) })

/** A subgraph that refuses our signature is our fault, not the client's: only absence is told, anything else is masked. */
export function toTell(error: unknown): CodedError {
  const absent = error instanceof CodedError && error.extensions.code === 'SERVICE_UNAVAILABLE'
  return absent ? new Unavailable('A part of the market') : internalError()
}
