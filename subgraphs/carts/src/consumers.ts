import { once } from '@pasar/shared/inbox'
import type { Consumers } from '@pasar/shared/subgraph'
import type { CartsDeps } from './context.ts'
import { saveListing } from './store/listings.ts'

export function openConsumers({ transaction }: CartsDeps): Consumers {
  const handle = once(transaction, 'carts-listing')
  return {
    ListingChanged: async (event) => void (await handle(event, (tx) => saveListing(tx, event))),
  }
}
