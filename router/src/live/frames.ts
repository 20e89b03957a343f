import type { ServiceMap } from '@apollo/gateway'
import { iteratorOf } from '@pasar/shared/iterators'
import type { Texts } from '@pasar/shared/locale'
import { errorDetails, type Log } from '@pasar/shared/log'
import { CodedError, internalError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/told'
import type { SubgraphTransport } from '@pasar/shared/transport'
import { GraphQLError, type ExecutionResult, type FormattedExecutionResult } from 'graphql'
import type { Gateway, SubscriptionPlan } from '../gateway.ts'
import type { Admitted } from '../operation/admit.ts'
import { formatted } from '../subgraph/answer-errors.ts'
import type { RouterContext } from '../subgraph/data-source.ts'

/** A subscription that is planned and allowed. */
export interface LiveOperation {
  readonly admitted: Admitted
  readonly plan: SubscriptionPlan
  readonly context: RouterContext
}

/** What making frames takes. */
export interface FrameOptions {
  readonly gateway: Gateway
  /** Masks a frame's errors and gives fields the names that the client chose. */
  finish(result: ExecutionResult, live: LiveOperation): FormattedExecutionResult
  readonly log: Log
}

const lost: Texts = {
  id: 'Sambungan langsung ke satu bagian pasar terputus: berlangganan lagi mulai dari kursor terakhir',
  en: 'The live connection to a part of the market was lost: subscribe again from the last cursor',
}

/** The upstream is gone though the client did not say so: the same subscription, from its last cursor, may succeed. */
const upstreamLost = () => graphqlError(new CodedError('SUBSCRIPTION_UPSTREAM_LOST', lost, { retryable: true }))

/** What is asked of the subgraph: only the variables that its part of the operation uses. */
export function upstreamPayload({ admitted, plan: { primary } }: LiveOperation) {
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
export function framesOf(
  options: FrameOptions,
  live: LiveOperation,
  events: Events,
): AsyncIterableIterator<FormattedExecutionResult> {
  let stopped = false
  const stop = async () => {
    stopped = true
    await events.return?.()
  }
  const next = async (): Promise<IteratorResult<FormattedExecutionResult>> => {
    const event = await events.next().catch((error: unknown) => {
      options.log.warn({ ...errorDetails(error), requestId: live.context.identity.requestId }, 'an upstream was lost')
      return undefined
    })
    if (stopped || event?.done) return { value: undefined, done: true }
    if (event?.value.data !== undefined) return { value: await frameOf(options, live, event.value), done: false }
    await stop()
    throw event ? refusalOf(options.finish(event.value, live)) : upstreamLost()
  }
  return iteratorOf(next, stop)
}

type Events = Awaited<ReturnType<SubgraphTransport['subscribe']>>

/** Errors without data are the subgraph's refusal to go on. */
function refusalOf({ errors }: FormattedExecutionResult): GraphQLError {
  const error = errors?.[0]
  return error ? new GraphQLError(error.message, { extensions: error.extensions ?? {} }) : upstreamLost()
}

/** Runs an ordinary plan in which the event stands in for the answer of the subscription's own subgraph. */
async function frameOf(
  { gateway, finish, log }: FrameOptions,
  subscription: LiveOperation,
  event: ExecutionResult,
): Promise<FormattedExecutionResult> {
  // What is absent is noted for this frame alone: the next event may bring it back.
  const live = { ...subscription, context: { ...subscription.context, absent: [] } }
  const { admitted, plan, context } = live
  const { document } = admitted.guarded
  const run = { plan: plan.perEvent, document, operationName: admitted.operationName, variables: admitted.variables, context }
  const result = await gateway.run({ ...run, sources: standIn(gateway, plan, event) }).catch((error: unknown) => {
    log.error({ ...errorDetails(error), requestId: context.identity.requestId }, 'a frame failed')
    return { errors: [graphqlError(internalError())] }
  })
  return finish(result, live)
}

function standIn(gateway: Gateway, { primary }: SubscriptionPlan, event: ExecutionResult): ServiceMap {
  const real = gateway.source(primary.serviceName)
  return {
    [primary.serviceName]: {
      // A copy, because the executor merges fetched fields into what it gets.
      process: async (options) =>
        options.request.query === primary.operation
          ? (structuredClone(toJson(event)) as Awaited<ReturnType<typeof real.process>>)
          : real.process(options),
    },
  }
}

const toJson = ({ data, errors }: ExecutionResult) => ({ data, ...(errors && { errors: errors.map(formatted) }) })
