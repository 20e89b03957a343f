import type { Consumers } from '@pasar/shared/subgraph'
import type { CartsDeps } from './context.ts'
import { saveListing } from './store/listings.ts'

export const openConsumers = ({ send, clock }: CartsDeps): Consumers => ({
  ListingChanged: (event) => saveListing(send, event, clock.now()),
})
