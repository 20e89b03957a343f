import type { Domain } from '@pasar/shared/domains'
import type { Locale } from '@pasar/shared/locale'
import type { Operation } from '@pasar/shared/subgraph/operation'
import { limits } from '@pasar/shared/limits'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError, toldError } from '@pasar/shared/subgraph/told'
import { graphqlPath } from '@pasar/shared/http/transport'
import type { GraphQLSchema } from 'graphql'
import { openAccessIndex, type AccessIndex } from './access/access-index.ts'
import { openCacheIndex, type CacheIndex } from './cache/cache-index.ts'
import { openPolicies } from './cache/fetch-policy.ts'
import { operationAge } from './cache/operation-age.ts'
import { openReadThrough } from './cache/read-through.ts'
import { openAdmitWithin } from './cost/admit-within.ts'
import { budgetOf, isSpent, localViewerBudgets, openPayers, type ViewerBudgets } from './cost/viewer-budgets.ts'
import { openFront, type Front } from './front.ts'
import { openGateway } from './gateway.ts'
import { clientAddresses } from './identity/client-address.ts'
import type { Follower, Leave } from './live/follower.ts'
import { openHub } from './live/hub.ts'
import type { Admit, Admitted, Refused } from './operation/admit.ts'
import { openNewcomers } from './operation/newcomers.ts'
import type { RouterResult } from './operation/result.ts'
import { run } from './operation/run.ts'
import { openSharing } from './operation/sharing.ts'
import { openTurns } from './operation/turns.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { PersistedOptions } from './persisted/manifest.ts'
import { openPersisted, type Persisted } from './persisted/persisted.ts'
import { warmUp } from './persisted/warm-up.ts'
import type { RouterOptions, SupergraphTexts } from './router-options.ts'
import { routerLimits } from './safety/limits.ts'
import { openSend, type Caller, type Explain } from './subgraph/send.ts'

/** The supergraph's front door, without the sockets it is reached through. */
export interface Router {
  readonly options: RouterOptions
  /** The schema that clients see. */
  schema(): GraphQLSchema
  /**
   * The turn in which to admit an operation that is new to the router, after all that is not; undefined where there is nothing to wait for.
   * Rejects where too many wait.
   */
  turnOf(operation: Operation, caller: Caller): Promise<void> | undefined
  /** Holds an operation against limits, schema and access rules. */
  admit(operation: Operation, caller: Caller): Admitted | Refused
  /** Seconds for which anybody may keep the answer to a query; undefined when nobody may. */
  maxAgeOf(admitted: Admitted): number | undefined
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
  const { supergraph, transports, signer, log, settings, cache, metrics, readAccess = openAccessIndex } = options
  const production = settings.NODE_ENV === 'production'
  const access = readAccess(supergraph.full)
  const gateway = await openGateway({ supergraph: supergraph.gateway, production, log })
  const { mode, operations } = options.persisted ?? nothingPersisted
  const persisted = openPersisted({ mode, operations }, log)
  const frontOf = async (texts: SupergraphTexts, rules: AccessIndex, index: CacheIndex | undefined): Promise<Current> => {
    const policies = index && openPolicies(index, cache?.isTold === true)
    const opened = openFront({ graph: gateway.graph(), access: rules, supergraph: texts.gateway, production, policies })
    await warmUp(opened, operations, log)
    return { ...opened, index, gate: gateOf(persisted, opened) }
  }
  let front = await frontOf(supergraph, access, cache && openCacheIndex(supergraph.full))
  const sendFor = openSend({
    transports,
    headersFor: (subgraph, caller, body) => signer.headers(subgraph as Domain, caller, { path: graphqlPath, body }),
    log,
    explain: watching(options),
  })
  const budgets = options.budgets ?? localViewerBudgets(settings, options.clock)
  const admitWithin = openAdmitWithin(budgets)
  const sharing = openSharing(() => cache?.generation ?? 0)
  const hub = openHub({ transports, signer, sendFor, payerOf: openPayers(budgets), onFrame: sharing.forget, log })
  const cached = cache && openReadThrough({ cache, sendFor, now: () => performance.now() })
  const running = { introspect: gateway.introspect, sendFor, sharing, cached, planInTurn: openTurns(), log }
  const router: Router = {
    options,
    schema: () => front.graph.schema,
    turnOf: openTurnOf(budgets, (operation) => front.isKnown(persisted.textOf(operation) ?? '', operation.operationName)),
    admit: (operation, caller) => admitWithin(front.gate, operation, caller),
    maxAgeOf: (admitted) => front.index && operationAge(front.index, admitted),
    run: (admitted, caller) => run(running, admitted, caller),
    execute: (operation, caller) => execute(router, operation, caller),
    subscribe(admitted, caller, follower) {
      log.info({ requestId: caller.requestId, operation: admitted.operationName, kind: admitted.kind }, 'operation')
      return hub.join(admitted, caller, follower)
    },
    upstreams: () => hub.upstreams(),
    async replace(next) {
      const nextAccess = readAccess(next.full)
      const nextIndex = cache && openCacheIndex(next.full)
      await gateway.replace(next.gateway)
      front = await frontOf(next, nextAccess, nextIndex)
      cache?.forget()
      await hub.renew((admitted, { viewer }) => front.admit(admitted, viewer))
    },
    async stop() {
      hub.stop()
      await gateway.stop()
    },
  }
  return metrics ? noting(router, metrics) : router
}

/** Whoever has nothing left to spend is refused before anything is read, and need not wait for that. */
function openTurnOf(budgets: ViewerBudgets, isKnown: (operation: Operation) => boolean): Router['turnOf'] {
  const newcomers = openNewcomers({
    waitingMax: routerLimits.newOperationsWaitingMax,
    knownPerTurn: limits.operationsPerTurnMax,
  })
  return (operation, caller) => {
    const known = () => isKnown(operation)
    return known() || isSpent(budgets, caller) ? undefined : newcomers(budgetOf(budgets, caller)?.key ?? '', known)
  }
}

/** Admits and runs by the router that it is given. */
async function execute(router: Pick<Router, 'admit' | 'run'>, operation: Operation, caller: Caller): Promise<RouterResult> {
  const admitted = router.admit(operation, caller)
  if ('errors' in admitted) return refusal(admitted, caller.locale)
  if (admitted.kind === 'subscription') return refusal({ errors: [graphqlError(notOverHttp)] }, caller.locale)
  return router.run(admitted, caller)
}

/** The same router, telling its metrics of everything that it does. */
function noting(router: Router, metrics: Metrics): Router {
  const noted: Router = {
    ...router,
    admit(operation, caller) {
      const admitted = router.admit(operation, caller)
      if ('errors' in admitted) metrics.refused(admitted.errors)
      return admitted
    },
    async run(admitted, caller) {
      const startedAt = performance.now()
      const result = await router.run(admitted, caller)
      metrics.ran({ name: admitted.name, kind: admitted.kind, ms: performance.now() - startedAt }, result)
      return result
    },
    execute: (operation, caller) => execute(noted, operation, caller),
    subscribe(admitted, caller, follower) {
      metrics.followed(admitted.name)
      return router.subscribe(admitted, caller, follower)
    },
  }
  metrics.watch({ upstreams: router.upstreams, cacheStats: async () => router.options.cache?.stats() })
  return noted
}

/** Whoever counts fetches, and the metrics. */
function watching({ explain, metrics }: RouterOptions): Explain | undefined {
  if (!metrics) return explain
  return {
    onFetch: (subgraph, query) => explain?.onFetch?.(subgraph, query),
    onFetched(subgraph, ms, failed) {
      explain?.onFetched?.(subgraph, ms, failed)
      metrics.onFetched(subgraph, ms, failed)
    },
  }
}

/** A front with what is read from the same supergraph besides. */
interface Current extends Front {
  readonly index: CacheIndex | undefined
  /** Takes operations by their names, too. */
  readonly gate: Admit
}

const nothingPersisted: PersistedOptions = { mode: 'off', operations: [] }

const gateOf =
  (persisted: Persisted, { admit }: Front): Admit =>
  (operation, viewer) => {
    const resolved = persisted.resolve(operation)
    if (resolved instanceof CodedError) return { errors: [graphqlError(resolved)] }
    const admitted = admit(resolved, viewer)
    if (resolved.extensions !== undefined && !('errors' in admitted)) persisted.remember(resolved)
    return admitted
  }

/** Errors of an operation that did not run. */
const refusal = ({ errors }: Refused, locale: Locale): RouterResult => ({
  errors: errors.map((error) => toldError(error, locale)),
})

const notOverHttp = new CodedError('BAD_REQUEST', {
  id: `Langganan lewat WebSocket ke ${graphqlPath} dengan protokol graphql-transport-ws, atau lewat POST dengan Accept: text/event-stream`,
  en: `Subscriptions go over a WebSocket to ${graphqlPath} with the protocol graphql-transport-ws, or by POST with Accept: text/event-stream`,
})
