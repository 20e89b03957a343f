import { limits } from '@pasar/shared/limits'
import { errorDetails, type Log } from '@pasar/shared/log'
import { enqueueAll } from '@pasar/shared/events/outbox'
import type { Worker } from '@pasar/shared/process/worker'
import type { OrdersDeps } from '../context.ts'
import { buyerErased } from '../order-events.ts'
import { claimErased, emptyEnded, lookAgain, settleErased } from '../store/erased-buyers.ts'

type Deps = Pick<OrdersDeps, 'db' | 'transaction' | 'clock'> & { readonly log: Log }

/** Orders that were under way when their buyer was erased are looked at as often, until they have ended. */
const againMs = 3_600_000

/** Few enough that one transaction stays short. */
const ordersAtOnce = 100

/** Empties what the ended orders of an erased buyer say of them, and tells logistics, whose parcels then do the same. */
const eraseBuyer = ({ transaction, clock }: Deps, accountId: string): Promise<void> =>
  transaction(async (tx) => {
    const emptied = await emptyEnded(tx, accountId, ordersAtOnce)
    await enqueueAll(tx, clock, emptied.map(buyerErased))
    if (emptied.length === ordersAtOnce) await lookAgain(tx, accountId, clock.now())
    else await settleErased(tx, accountId)
  })

/** Erases buyers from their orders as these end; one of whom that fails holds up no other, and is tried again. */
export const erasureWorker = (deps: Deps): Worker => ({
  name: 'orders erasures',
  everyMs: limits.duePollMs,
  run: async () => {
    const { db, clock, log } = deps
    const next = () => claimErased(db, clock.now(), new Date(clock.now().getTime() + againMs))
    let done = 0
    for (let accountId = await next(); accountId !== undefined; accountId = await next()) {
      await eraseBuyer(deps, accountId).catch((error: unknown) =>
        log.error({ ...errorDetails(error), accountId }, 'a buyer cannot be erased from their orders, trying again'),
      )
      done += 1
    }
    return done
  },
})
