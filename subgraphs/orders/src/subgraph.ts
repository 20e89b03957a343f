import type { Calls } from '@pasar/shared/subgraph/calls'
import { openLooks } from '@pasar/shared/subgraph/looks'
import { openSubgraph, type Platform, type Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { openSubgraphDatabase } from '@pasar/shared/postgres/database'
import { sendOver, transactionOver } from '@pasar/shared/postgres/statement'
import type { RequestIdentity } from '@pasar/shared/identity/viewer'
import { deadlineWorker } from './commands/carry-out-deadlines.ts'
import { erasureWorker } from './commands/erase-buyers.ts'
import { openConsumers } from './consumers.ts'
import type { OrdersContext, OrdersDeps } from './context.ts'
import { openCrowd } from './crowd.ts'
import { openLoaders } from './loaders.ts'
import { messages } from './messages.ts'
import { resolvers } from './resolvers.ts'
import { openParticipants } from './saga/participants.ts'
import { openRunner } from './saga/runner.ts'
import { findBegun } from './store/checkouts.ts'
import { openDatabase } from './store/database.ts'

/** Opens the orders subgraph; `calls` reaches the participants of the checkout saga. */
export async function openOrders(platform: Platform, databaseUrl: string, calls: Calls): Promise<Subgraph> {
  const { clock, bus, log, background, point } = platform
  const database = openSubgraphDatabase(platform, databaseUrl, openDatabase)
  const { db, pool, commits } = database
  const transaction = transactionOver(pool, commits.beat)
  const send = sendOver(pool, commits.beat)
  const runner = openRunner({
    db,
    transaction,
    afterCommit: commits.beat,
    clock,
    log,
    participants: openParticipants(calls),
    point,
  })
  const crowd = openCrowd({ calls, findBegun: (wishes) => findBegun(db, wishes), now: () => performance.now() })
  const deps: OrdersDeps = { db, transaction, send, clock, runner, crowd, live: { domain: 'orders', db, bus } }
  const context = (identity: RequestIdentity): OrdersContext => ({
    ...identity,
    ...deps,
    loaders: openLoaders(db, clock),
    noteLook: openLooks(deps, identity.viewer),
  })
  // A test drives sagas step by step; elsewhere a paid order does not wait for the next round.
  const wake = background ? runner.kick : () => undefined
  return openSubgraph<OrdersContext>(platform, {
    name: 'orders',
    resolvers,
    messages,
    context,
    database,
    sources: ['users', 'payments', 'logistics'],
    consumers: openConsumers(deps, wake),
    workers: [...runner.workers, deadlineWorker({ ...deps, log }), erasureWorker({ ...deps, log })],
    routes: [],
    stop: runner.stop,
  })
}
