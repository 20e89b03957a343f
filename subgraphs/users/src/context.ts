import type { RequestIdentity } from '@pasar/shared/viewer'
import type { Deps } from './deps.ts'
import { openLoaders, type Loaders } from './loaders.ts'

/** What resolvers, commands and queries get for one request. */
export interface UsersContext extends RequestIdentity, Deps {
  readonly loaders: Loaders
}

/** A fresh context. */
export const contextFor = (deps: Deps, identity: RequestIdentity): UsersContext => ({
  ...deps,
  ...identity,
  loaders: openLoaders({ db: deps.db, clock: deps.clock, viewer: identity.viewer }),
})
