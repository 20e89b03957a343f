import type { Domain } from '@pasar/shared/domains'
import { errorDetails } from '@pasar/shared/log'
import { CodedError, internalError, Unavailable } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/told'
import { graphqlPath } from '@pasar/shared/transport'
import type { RequestIdentity } from '@pasar/shared/viewer'
import type { DocumentNode, ExecutionResult, FormattedExecutionResult, GraphQLError } from 'graphql'
import { finishResult } from '../finish.ts'
import type { Gateway, SubscriptionPlan } from '../gateway.ts'
import type { Admitted } from '../operation/admit.ts'
import type { RouterOptions } from '../router-options.ts'
import { framesOf, upstreamPayload, type LiveOperation } from './frames.ts'

/** Starts an admitted subscription. Rejects with a GraphQLError when it cannot start. */
export type Subscribe = (
  admitted: Admitted,
  identity: RequestIdentity,
) => Promise<AsyncIterableIterator<FormattedExecutionResult>>

/** Plans subscriptions, each once, and opens their upstreams. */
export function openSubscribe({ transports, signer, log }: RouterOptions, gateway: Gateway): Subscribe {
  const plans = new WeakMap<DocumentNode, Map<string | undefined, SubscriptionPlan>>()
  const planOf = ({ guarded: { document }, operationName }: Admitted) => {
    const known = plans.get(document) ?? new Map<string | undefined, SubscriptionPlan>()
    plans.set(document, known)
    const plan = known.get(operationName) ?? gateway.planSubscription(document, operationName)
    known.set(operationName, plan)
    return plan
  }
  const finish = (result: ExecutionResult, { admitted, context }: LiveOperation) =>
    finishResult(result, {
      aliases: admitted.guarded.aliases,
      requestId: context.identity.requestId,
      locale: context.identity.locale,
      log,
      absent: context.absent,
    })
  return async (admitted, identity) => {
    const live: LiveOperation = { admitted, plan: planOf(admitted), context: { identity, absent: [] } }
    const { serviceName } = live.plan.primary
    log.info({ requestId: identity.requestId, operation: admitted.operationName, kind: admitted.kind }, 'operation')
    const headers = await signer.headers(serviceName as Domain, identity, { path: graphqlPath, body: '' })
    const events = await transports[serviceName]!.subscribe({ headers, payload: upstreamPayload(live) }).catch(
      (error: unknown) => {
        log.warn({ ...errorDetails(error), subgraph: serviceName, requestId: identity.requestId }, 'a subscription did not start')
        throw notStarted(error)
      },
    )
    return framesOf({ gateway, finish, log }, live, events)
  }
}

/** As with a fetch: only absence is told, anything else between us and a subgraph is our fault. */
function notStarted(error: unknown): GraphQLError {
  const absent = error instanceof CodedError && error.extensions.code === 'SERVICE_UNAVAILABLE'
  return graphqlError(absent ? new Unavailable('A part of the market') : internalError())
}
