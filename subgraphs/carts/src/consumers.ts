import { once } from '@pasar/shared/events/inbox'
import type { Consumers } from '@pasar/shared/subgraph/open-subgraph'
import type { CartsDeps } from './context.ts'
import { removeCartOf } from './store/carts.ts'
import { saveListing } from './store/listings.ts'

export const openConsumers = (deps: CartsDeps): Consumers => {
  const handle = once(deps, 'carts')
  return {
    ListingChanged: (event) => saveListing(deps.send, event, deps.clock.now()),
    AccountErased: (event) => handle(event, (tx) => removeCartOf(tx, event.payload.accountId)),
  }
}
