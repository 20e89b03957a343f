import type { Domain } from '@pasar/shared/domains'
import type { Locale } from '@pasar/shared/locale'
import type { Operation } from '@pasar/shared/operation'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError, toldError } from '@pasar/shared/told'
import { graphqlPath } from '@pasar/shared/transport'
import type { GraphQLSchema } from 'graphql'
import { openAccessIndex, type AccessIndex } from './access/access-index.ts'
import { openCacheIndex } from './cache/cache-index.ts'
import { compileFetchPolicy } from './cache/fetch-policy.ts'
import { openReadThrough } from './cache/read-through.ts'
import type { PlanOptions } from './execution/compile-plan.ts'
import { openAdmitWithin } from './cost/admit-within.ts'
import { localViewerBudgets } from './cost/viewer-budgets.ts'
import { openFront } from './front.ts'
import { openGateway } from './gateway.ts'
import { clientAddresses } from './identity/client-address.ts'
import type { Follower, Leave } from './live/follower.ts'
import { openHub } from './live/hub.ts'
import type { Admitted, Refused } from './operation/admit.ts'
import type { RouterResult } from './operation/result.ts'
import { run } from './operation/run.ts'
import { openSharing } from './operation/sharing.ts'
import type { RouterOptions, SupergraphTexts } from './router-options.ts'
import { openSend, type Caller } from './subgraph/send.ts'

/** The supergraph's front door, without the sockets it is reached through. */
export interface Router {
  readonly options: RouterOptions
  /** The schema that clients see. */
  schema(): GraphQLSchema
  /** Holds an operation against limits, schema and access rules. */
  admit(operation: Operation, caller: Caller): Admitted | Refused
  /** Runs an admitted query or mutation. Never rejects. */
  run(admitted: Admitted, caller: Caller): Promise<RouterResult>
  /** Admits and runs. Without `data`, the operation was refused before it ran. */
  execute(operation: Operation, caller: Caller): Promise<RouterResult>
  /** Starts an admitted subscription, at once after its admission. Throws a GraphQLError for what cannot be planned. */
  subscribe(admitted: Admitted, caller: Caller, follower: Follower): Leave
  /** How many streams of subgraphs are open for all subscriptions. */
  upstreams(): number
  /** Replaces the supergraph; what runs ends with the one it began with, subscriptions go on if their plan still fits. Rejects, and changes nothing, when it cannot be loaded. */
  replace(supergraph: SupergraphTexts): Promise<void>
  stop(): Promise<void>
}

/** Opens the router. Rejects when the supergraph cannot be loaded or misses an access rule. */
export async function openRouter(given: RouterOptions): Promise<Router> {
  const { clientAddress = clientAddresses(given.settings.TRUSTED_PROXIES) } = given
  const options: RouterOptions = { ...given, clientAddress }
  const { supergraph, transports, signer, log, settings, explain, cache, readAccess = openAccessIndex } = options
  const production = settings.NODE_ENV === 'production'
  const access = readAccess(supergraph.full)
  const gateway = await openGateway({ supergraph: supergraph.gateway, production, log })
  const frontOf = (texts: SupergraphTexts, rules: AccessIndex, policyOf: PlanOptions['policyOf']) =>
    openFront({ graph: gateway.graph(), access: rules, supergraph: texts.gateway, production, policyOf })
  let front = frontOf(supergraph, access, policyOf(options, supergraph))
  const sendFor = openSend({
    transports,
    headersFor: (subgraph, caller, body) => signer.headers(subgraph as Domain, caller, { path: graphqlPath, body }),
    log,
    explain,
  })
  const admitWithin = openAdmitWithin(options.budgets ?? localViewerBudgets(settings, options.clock))
  const hub = openHub({ transports, signer, sendFor, log })
  const cached = cache && openReadThrough({ cache, sendFor, now: () => performance.now() })
  const sharing = openSharing(() => cache?.generation ?? 0)
  const running = { introspect: gateway.introspect, sendFor, sharing, cached, log }
  const router: Router = {
    options,
    schema: () => front.graph.schema,
    admit: (operation, caller) => admitWithin(front.admit, operation, caller),
    run: (admitted, caller) => run(running, admitted, caller),
    async execute(operation, caller) {
      const admitted = router.admit(operation, caller)
      if ('errors' in admitted) return refusal(admitted, caller.locale)
      if (admitted.kind === 'subscription') return refusal({ errors: [graphqlError(notOverHttp)] }, caller.locale)
      return router.run(admitted, caller)
    },
    subscribe(admitted, caller, follower) {
      log.info({ requestId: caller.requestId, operation: admitted.operationName, kind: admitted.kind }, 'operation')
      return hub.join(admitted, caller, follower)
    },
    upstreams: () => hub.upstreams(),
    async replace(next) {
      const nextAccess = readAccess(next.full)
      const nextPolicyOf = policyOf(options, next)
      await gateway.replace(next.gateway)
      front = frontOf(next, nextAccess, nextPolicyOf)
      cache?.forget()
      await hub.renew((admitted, { viewer }) => front.admit(admitted, viewer))
    },
    async stop() {
      hub.stop()
      await gateway.stop()
    },
  }
  return router
}

/** Throws for marks that cannot be followed. */
function policyOf({ cache }: RouterOptions, { full }: SupergraphTexts): PlanOptions['policyOf'] {
  if (!cache) return undefined
  const index = openCacheIndex(full)
  return (fetch) => compileFetchPolicy(index, fetch, cache.isTold)
}

/** Errors of an operation that did not run. */
const refusal = ({ errors }: Refused, locale: Locale): RouterResult => ({
  errors: errors.map((error) => toldError(error, locale)),
})

const notOverHttp = new CodedError('BAD_REQUEST', {
  id: `Langganan lewat WebSocket ke ${graphqlPath} dengan protokol graphql-transport-ws, atau lewat POST dengan Accept: text/event-stream`,
  en: `Subscriptions go over a WebSocket to ${graphqlPath} with the protocol graphql-transport-ws, or by POST with Accept: text/event-stream`,
})
