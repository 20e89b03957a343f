import { idParser } from '@pasar/shared/ids'
import { NotSignedIn } from '@pasar/shared/problems'
import { changeCart, type Changed } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import type { SetDestinationInput } from '../generated/resolvers.ts'
import { setAddress } from '../store/changes.ts'

const parseAddressId = idParser('address')

/** Whether the address is the account's own is for users to say: it is asked when the cart is shown and when it is checked out. */
export async function setDestination(ctx: CartsContext, { addressId: raw, expectedVersion }: SetDestinationInput) {
  const addressId = parseAddressId(raw, 'addressId')
  const changed = await changeCart<Changed<'SetDestinationSuccess'>, never>(ctx, { expectedVersion }, ({ cart, groups }) => ({
    write: setAddress(addressId),
    result: { __typename: 'SetDestinationSuccess', cartId: cart.id },
    after: { cart: { ...cart, addressId }, groups: groups.map((group) => ({ ...group, addressId })) },
  }))
  // Only an account that is erased at this moment has no cart: its token outlives it by minutes.
  if (changed.__typename === 'CartNotFound') throw new NotSignedIn()
  return changed
}
