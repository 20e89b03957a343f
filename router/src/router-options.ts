import type { Clock } from '@pasar/shared/clock'
import type { Signer } from '@pasar/shared/identity'
import type { Log } from '@pasar/shared/log'
import type { Settings } from '@pasar/shared/settings'
import type { SubgraphTransport } from '@pasar/shared/transport'
import type { VerifyAccessToken } from './identity/access-token.ts'
import type { Explain } from './subgraph/data-source.ts'

/** What a router is made of. */
export interface RouterOptions {
  /** Both artefacts of `npm run compose`. */
  readonly supergraph: { readonly full: string; readonly gateway: string }
  /** A way to each subgraph, by its name. */
  readonly transports: Readonly<Record<string, SubgraphTransport>>
  readonly signer: Signer
  readonly verifyAccessToken: VerifyAccessToken
  readonly clock: Clock
  readonly log: Log
  readonly settings: Pick<Settings, 'NODE_ENV' | 'CORS_ORIGINS'>
  readonly explain?: Explain
}
