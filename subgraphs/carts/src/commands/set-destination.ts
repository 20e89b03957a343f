import { idParser } from '@pasar/shared/ids'
import { changeCart, type CartTarget } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { setAddress } from '../store/carts.ts'

const parseAddressId = idParser('address')

/** Whether the address is the account's own is for users to say: it is asked when the cart is shown and when it is checked out. */
export function setDestination(ctx: CartsContext, input: Pick<CartTarget, 'expectedVersion'> & { readonly addressId: string }) {
  const addressId = parseAddressId(input.addressId, 'addressId')
  return changeCart(ctx, { expectedVersion: input.expectedVersion }, async ({ tx, cart }) => {
    await setAddress(tx, cart.id, addressId)
    return { __typename: 'SetDestinationSuccess', cartId: cart.id } as const
  })
}
