import { idParser } from '@pasar/shared/ids'
import { changeCart, type CartTarget } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { setAddress } from '../store/changes.ts'

const parseAddressId = idParser('address')

/** Whether the address is the account's own is for users to say: it is asked when the cart is shown and when it is checked out. */
export function setDestination(ctx: CartsContext, input: Pick<CartTarget, 'expectedVersion'> & { readonly addressId: string }) {
  const addressId = parseAddressId(input.addressId, 'addressId')
  return changeCart(ctx, { expectedVersion: input.expectedVersion }, ({ cart, groups }) => ({
    write: setAddress(addressId),
    result: { __typename: 'SetDestinationSuccess', cartId: cart.id } as const,
    after: { cart: { ...cart, addressId }, groups: groups.map((group) => ({ ...group, addressId })) },
  }))
}
