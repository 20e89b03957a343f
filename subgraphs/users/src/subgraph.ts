import type { Calls } from '@pasar/shared/subgraph/calls'
import type { Id } from '@pasar/shared/ids'
import { json, type Route } from '@pasar/shared/http/server'
import { SettingProblem } from '@pasar/shared/process/setting-problem'
import { openSubgraph, type Platform, type Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { openSubgraphDatabase } from '@pasar/shared/postgres/database'
import { sendOver } from '@pasar/shared/postgres/statement'
import { transactionOf } from '@pasar/shared/postgres/transaction'
import type { Worker } from '@pasar/shared/process/worker'
import type { JSONWebKeySet } from 'jose'
import { newSigningKey, openAccessTokens } from './access-tokens.ts'
import { createAccount, type AccountSeed } from './commands/create-account.ts'
import { createShop, type ShopSeed } from './commands/create-shop.ts'
import { openConsumers } from './consumers.ts'
import type { UsersContext, UsersDeps } from './context.ts'
import { openLoaders } from './loaders.ts'
import { mailWorker } from './mail-worker.ts'
import { openMailer } from './mailer.ts'
import { messages } from './messages.ts'
import { openNotifier } from './notifier.ts'
import { openPasswords } from './passwords.ts'
import { resolvers } from './resolvers.ts'
import { openDatabase, type Tx } from './store/database.ts'
import { removeExpired } from './store/housekeeping.ts'
import { keepSigningKey } from './store/signing-keys.ts'

/** The users subgraph, with what the rest of its process needs of it. */
export interface Users extends Subgraph {
  /** Public keys of access tokens, for a router in the same process. */
  jwks(): Promise<JSONWebKeySet>
  /** For proofs and journeys. */
  createAccount(seed: AccountSeed): Promise<Id<'account'>>
  /** For proofs and journeys. */
  createShop(seed: ShopSeed): Promise<Id<'shop'>>
}

const jwksRoute = (jwks: Users['jwks']): Route => ({
  method: 'GET',
  path: '/.well-known/jwks.json',
  handle: async () => json(200, await jwks(), { 'cache-control': 'public, max-age=300' }),
})

const housekeeping = ({ db, clock }: UsersDeps): Worker => ({
  name: 'users housekeeping',
  everyMs: 60_000,
  run: () => removeExpired(db, clock.now()),
})

/** Opens the users subgraph over its database; `calls` reaches those who know what holds an erasure up. */
export async function openUsers(platform: Platform, databaseUrl: string, calls: Calls): Promise<Users> {
  const { clock, bus, log, settings } = platform
  const { ACCESS_TOKEN_KEY, SMTP_URL, MAIL_FROM } = settings
  if (SMTP_URL === undefined) throw new SettingProblem('SMTP_URL is missing: mail needs a server, such as smtp://127.0.0.1:25')
  const database = openSubgraphDatabase(platform, databaseUrl, openDatabase)
  const { db, pool, commits } = database
  const transaction = transactionOf<Tx>(db, commits.beat)
  const accessTokens = await openAccessTokens(ACCESS_TOKEN_KEY ?? (await keepSigningKey(db, newSigningKey, clock.now())), clock)
  // For what puts down no event: no commit of it wakes the relay.
  const send = sendOver(pool)
  const deps: UsersDeps = { db, transaction, send, clock, bus, passwords: await openPasswords(), accessTokens, calls }
  const mailer = openMailer({ url: SMTP_URL, from: MAIL_FROM })
  const subgraph = await openSubgraph<UsersContext>(platform, {
    name: 'users',
    resolvers,
    messages,
    context: (identity) => ({
      ...identity,
      ...deps,
      loaders: openLoaders({ db, clock, viewer: identity.viewer }),
    }),
    database,
    sources: ['products', 'carts', 'orders', 'payments', 'logistics'],
    consumers: openConsumers(deps),
    listener: openNotifier(deps),
    workers: [mailWorker({ db, clock, mailer, log }), housekeeping(deps)],
    routes: [jwksRoute(accessTokens.jwks)],
    stop: mailer.stop,
  })
  return {
    ...subgraph,
    jwks: accessTokens.jwks,
    createAccount: (seed) => createAccount(deps, seed),
    createShop: (seed) => createShop(deps, seed),
  }
}
