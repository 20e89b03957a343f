import { iteratorOf } from '@pasar/shared/iterators'
import type { Texts } from '@pasar/shared/locale'
import { errorDetails, type Log } from '@pasar/shared/log'
import { CodedError, internalError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/told'
import type { SubgraphTransport } from '@pasar/shared/transport'
import { GraphQLError, type ExecutionResult } from 'graphql'
import type { CompiledOperation, WrittenResult } from '../execution/compile-operation.ts'
import type { SendFetch } from '../execution/execution.ts'
import { finishResult } from '../finish.ts'
import type { Admitted } from '../operation/admit.ts'
import type { RouterResult } from '../operation/result.ts'
import { formatted } from '../subgraph/answer-errors.ts'
import type { Caller } from '../subgraph/send.ts'

/** A subscription that is planned and allowed. */
export interface LiveOperation {
  readonly admitted: Admitted
  readonly compiled: CompiledOperation
  readonly caller: Caller
}

/** What making frames takes. */
export interface FrameOptions {
  readonly sendFor: (caller: Caller) => SendFetch
  readonly log: Log
}

const lost: Texts = {
  id: 'Sambungan langsung ke satu bagian pasar terputus: berlangganan lagi mulai dari kursor terakhir',
  en: 'The live connection to a part of the market was lost: subscribe again from the last cursor',
}

/** The upstream is gone though the client did not say so: the same subscription, from its last cursor, may succeed. */
const upstreamLost = () => graphqlError(new CodedError('SUBSCRIPTION_UPSTREAM_LOST', lost, { retryable: true }))

/** What is asked of the subgraph: only the variables that its part of the operation uses. */
export function upstreamPayload({ admitted, compiled }: LiveOperation) {
  const primary = compiled.primary!
  const used = (primary.variableUsages ?? []).filter((name) => admitted.variables[name] !== undefined)
  const variables = Object.fromEntries(used.map((name) => [name, admitted.variables[name]]))
  return {
    query: primary.operation,
    variables,
    ...(primary.operationName !== undefined && { operationName: primary.operationName }),
  }
}

/**
 * The frames of a subscription, one for each upstream event, in order: a frame is finished before the next event is taken. Ends only
 * when the subgraph says that the stream is over; everything else throws, so that no client takes silence for an end.
 */
export function framesOf(options: FrameOptions, live: LiveOperation, events: Events): AsyncIterableIterator<RouterResult> {
  let stopped = false
  const stop = async () => {
    stopped = true
    await events.return?.()
  }
  const next = async (): Promise<IteratorResult<RouterResult>> => {
    const event = await events.next().catch((error: unknown) => {
      options.log.warn({ ...errorDetails(error), requestId: live.caller.requestId }, 'an upstream was lost')
      return undefined
    })
    if (stopped || event?.done) return { value: undefined, done: true }
    if (event?.value.data !== undefined) return { value: await frameOf(options, live, event.value), done: false }
    await stop()
    throw event ? refusalOf(finish(options, live, { data: null, errors: errorsOf(event.value), absences: [] })) : upstreamLost()
  }
  return iteratorOf(next, stop)
}

type Events = Awaited<ReturnType<SubgraphTransport['subscribe']>>

/** Errors without data are the subgraph's refusal to go on. */
function refusalOf({ errors }: RouterResult): GraphQLError {
  const error = errors?.[0]
  return error ? new GraphQLError(error.message, { extensions: error.extensions ?? {} }) : upstreamLost()
}

const errorsOf = ({ errors = [] }: ExecutionResult) => errors.map(formatted)

const finish = ({ log }: FrameOptions, { caller: { requestId, locale } }: LiveOperation, result: WrittenResult) =>
  finishResult(result, { requestId, locale, log })

/** Runs the rest of the plan with the event as what is known already. */
async function frameOf(options: FrameOptions, live: LiveOperation, event: ExecutionResult): Promise<RouterResult> {
  const { admitted, compiled, caller } = live
  const { variables, coerced } = admitted
  try {
    const answer = { data: event.data as Record<string, unknown> | null, errors: errorsOf(event) }
    return finish(options, live, await compiled.run({ variables, coerced, send: options.sendFor(caller), event: answer }))
  } catch (error) {
    const { requestId, locale } = caller
    options.log.error({ ...errorDetails(error), requestId }, 'a frame failed')
    return { data: null, errors: [internalError({ requestId }).told(locale)] }
  }
}
