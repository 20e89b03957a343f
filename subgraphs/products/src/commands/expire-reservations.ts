import type { ProductsDeps } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { lockExpired } from '../store/reservations.ts'
import { giveBack } from './release-stock.ts'

/** Ends reservations whose time is up and gives their units back; says how many. */
export const expireReservations = (deps: ProductsDeps): Promise<number> =>
  deps.transaction(async (tx) => {
    const ids = (await lockExpired(tx, deps.clock.now(), bounds.expiryBatchMax)).map(({ id }) => id)
    if (ids.length > 0) await giveBack(deps, tx, { ids, to: 'EXPIRED' })
    return ids.length
  })
