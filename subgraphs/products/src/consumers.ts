import { once } from '@pasar/shared/events/inbox'
import type { Consumers } from '@pasar/shared/subgraph/open-subgraph'
import { eraseAuthor } from './commands/erase-author.ts'
import { notePurchase } from './commands/note-purchase.ts'
import { restockOrder, restockUnits } from './commands/restock-order.ts'
import type { ProductsDeps } from './context.ts'
import { touchListings } from './store/listings.ts'
import { noteShopState, type ShopState } from './store/shop-states.ts'
import type { Tx } from './store/database.ts'

/** Events that change something here. */
export const openConsumers = (deps: ProductsDeps): Consumers => {
  const shops = once(deps, 'products-shops')
  const restock = once(deps, 'products-restock')
  const purchases = once(deps, 'products-purchases')
  const authors = once(deps, 'products-authors')
  const note = async (tx: Tx, state: ShopState) => {
    const productIds = await noteShopState(tx, state)
    if (productIds.length > 0) await touchListings(tx, deps.clock, { productIds })
  }
  return {
    AccountErased: (event) => authors(event, (tx) => eraseAuthor(tx, deps.clock, event.payload.accountId)),
    // It comes behind the completion of the order, which may have come behind the end of the account.
    BuyerErased: (event) => authors(event, (tx) => eraseAuthor(tx, deps.clock, event.payload.buyerId)),
    ShopSuspended: (event) => shops(event, (tx) => note(tx, { ...event.payload, suspended: true, seq: event.seq })),
    ShopReinstated: (event) => shops(event, (tx) => note(tx, { ...event.payload, suspended: false, seq: event.seq })),
    OrderCancelled: (event) => restock(event, (tx) => restockOrder(tx, deps.clock, event)),
    GoodsReturned: (event) => restock(event, (tx) => restockUnits(tx, deps.clock, event)),
    OrderCompleted: (event) => purchases(event, (tx) => notePurchase(tx, event)),
  }
}
