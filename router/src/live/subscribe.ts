import type { Domain } from '@pasar/shared/domains'
import { errorDetails } from '@pasar/shared/log'
import { graphqlError } from '@pasar/shared/told'
import { graphqlPath } from '@pasar/shared/transport'
import type { SendFetch } from '../execution/execution.ts'
import type { Admitted } from '../operation/admit.ts'
import type { RouterResult } from '../operation/result.ts'
import type { RouterOptions } from '../router-options.ts'
import { toTell, type Caller } from '../subgraph/send.ts'
import { framesOf, upstreamPayload, type LiveOperation } from './frames.ts'

/** Starts an admitted subscription. Rejects with a GraphQLError when it cannot start. */
export type Subscribe = (admitted: Admitted, caller: Caller) => Promise<AsyncIterableIterator<RouterResult>>

/** Opens the upstreams of subscriptions. */
export function openSubscribe(
  { transports, signer, log }: Pick<RouterOptions, 'transports' | 'signer' | 'log'>,
  sendFor: (caller: Caller) => SendFetch,
): Subscribe {
  return async (admitted, caller) => {
    const compiled = admitted.compiled()
    const { serviceName } = compiled.primary!
    const { requestId } = caller
    const live: LiveOperation = { admitted, compiled, caller }
    log.info({ requestId, operation: admitted.operationName, kind: admitted.kind }, 'operation')
    const headers = await signer.headers(serviceName as Domain, caller, { path: graphqlPath, body: '' })
    const payload = upstreamPayload(live)
    const events = await transports[serviceName]!.subscribe({ headers, payload }).catch((error: unknown) => {
      log.warn({ ...errorDetails(error), subgraph: serviceName, requestId }, 'a subscription did not start')
      throw graphqlError(toTell(error))
    })
    return framesOf({ sendFor, log }, live, events)
  }
}
