import { byKey, groupBy } from '@pasar/shared/loader'
import type { SqlSeam } from '@pasar/shared/seam'
import { findCarts } from './store/carts.ts'
import { findGroups, findGroupsOfCarts } from './store/groups.ts'
import { findLines, findLinesOfCarts } from './store/lines.ts'

/** Fresh loaders: one statement for all carts, groups or lines that one step of a request asks for. */
export function openLoaders(db: SqlSeam) {
  const loaders = {
    cart: byKey(
      (ids: readonly string[]) => findCarts(db, ids),
      (cart) => cart.id,
    ),
    group: byKey(
      (ids: readonly string[]) => findGroups(db, ids),
      (group) => group.id,
    ),
    line: byKey(
      (ids: readonly string[]) => findLines(db, ids),
      (line) => line.id,
    ),
    groupsOfCart: groupBy(
      (ids: readonly string[]) => findGroupsOfCarts(db, ids),
      (group) => group.cartId,
    ),
    linesOfCart: groupBy(
      (ids: readonly string[]) => findLinesOfCarts(db, ids),
      (line) => line.cartId,
    ),
  }
  return {
    ...loaders,
    /** Forgets everything: the next mutation of the same request must not show what was there before it. */
    clear: () => Object.values(loaders).forEach((loader) => void loader.clearAll()),
  }
}

/** Loaders of one request; see openLoaders. */
export type Loaders = ReturnType<typeof openLoaders>
