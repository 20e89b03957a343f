import type { Clock } from '@pasar/shared/clock'
import type { Signer } from '@pasar/shared/identity/signature'
import type { Log } from '@pasar/shared/log'
import type { Settings } from '@pasar/shared/process/settings'
import type { SubgraphTransport } from '@pasar/shared/http/transport'
import type { AccessIndex } from './access/access-index.ts'
import type { EntityCache } from './cache/entity-cache.ts'
import type { BudgetSettings, ViewerBudgets } from './cost/viewer-budgets.ts'
import type { VerifyAccessToken } from './identity/access-token.ts'
import type { VoidTokens } from './identity/void-tokens.ts'
import type { ClientAddress } from './identity/client-address.ts'
import type { PersistedOptions } from './persisted/manifest.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { EndedSessions } from './live/connections.ts'
import type { Explain } from './subgraph/send.ts'

/** A supergraph, as `npm run compose` makes it. */
export interface SupergraphTexts {
  /** With the directives that say who may do what. */
  readonly full: string
  /** Without them: what the gateway loads. */
  readonly gateway: string
}

/** What a router is made of. */
export interface RouterOptions {
  /** Finds out where a client is; by default as the settings say. */
  readonly clientAddress?: ClientAddress
  readonly supergraph: SupergraphTexts
  /** A way to each subgraph, by its name. */
  readonly transports: Readonly<Record<string, SubgraphTransport>>
  readonly signer: Signer
  /** Undefined for a router that knows no accounts: everyone is a guest, whatever they send. */
  readonly verifyAccessToken: VerifyAccessToken | undefined
  /** Says which sessions were ended, so that their open connections end too; undefined for a router that knows no accounts. */
  readonly endedSessions?: EndedSessions | undefined
  /** Says which tokens are over before their time, so that connections which were opened with them end too; undefined as above. */
  readonly voidTokens?: VoidTokens | undefined
  /** Names of the clients' headers that subgraphs get as they are; none by default. */
  readonly handOn?: readonly string[]
  readonly clock: Clock
  readonly log: Log
  readonly settings: Pick<Settings, 'NODE_ENV' | 'CORS_ORIGINS' | 'TRUSTED_PROXIES'> &
    BudgetSettings &
    Partial<Pick<Settings, 'EXPLAIN_TOKEN'>>
  /** What viewers may spend; by default each router keeps that by itself. */
  readonly budgets?: ViewerBudgets
  readonly explain?: Explain
  /** What is counted, for whoever runs the router; nothing by default. */
  readonly metrics?: Metrics | undefined
  /** Public entities that were fetched before; whoever opens it keeps it true and stops it. Nothing is kept by default. */
  readonly cache?: EntityCache | undefined
  /** What the clients were built with; any operation may run by default. */
  readonly persisted?: PersistedOptions | undefined
  /** Reads who may do what from the full supergraph; by default nothing may be open by oversight. */
  readonly readAccess?: (full: string) => AccessIndex
}
