import { limits } from '@pasar/shared/limits'
import type { Worker } from '@pasar/shared/process/worker'
import { balanceUnits } from './commands/balance-units.ts'
import { expireReservations } from './commands/expire-reservations.ts'
import { forgetSaleBuyers } from './commands/forget-sale-buyers.ts'
import { moveListings } from './commands/move-listings.ts'
import { refreshListings } from './commands/refresh-listings.ts'
import { turnFlashSales } from './commands/turn-flash-sales.ts'
import type { ProductsDeps } from './context.ts'

export const openWorkers = (deps: ProductsDeps): readonly Worker[] => [
  { name: 'products expiry', everyMs: limits.duePollMs, run: () => expireReservations(deps) },
  { name: 'products listings', everyMs: limits.duePollMs, onCommit: true, run: () => refreshListings(deps) },
  { name: 'products moves', everyMs: limits.duePollMs, run: () => moveListings(deps) },
  { name: 'products flash sales', everyMs: limits.duePollMs, run: () => turnFlashSales(deps) },
  { name: 'products sale buyers', everyMs: limits.housekeepingMs, run: (stopping) => forgetSaleBuyers(deps, stopping) },
  { name: 'products units', everyMs: limits.duePollMs, run: () => balanceUnits(deps) },
]
