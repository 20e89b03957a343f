import { idParser, newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import { changeCart, type OpenCart } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { parseQuantity, unfound, withQuantity, type Listing } from '../domain/cart.ts'
import type { AddToCartInput } from '../generated/resolvers.ts'
import { addLine, setQuantity } from '../store/changes.ts'
import type { OwnedLine } from '../store/lines.ts'

const parseVariantId = idParser('variant')

export function addToCart(ctx: CartsContext, input: AddToCartInput) {
  const variant = parseVariantId(input.variantId, 'variantId')
  const quantity = parseQuantity(input.quantity)
  const { cartToken, expectedVersion } = input
  return changeCart(ctx, { cartToken, expectedVersion, variantBeside: variant }, (cart) => {
    const { beside: listing } = cart
    return listing?.active ? putIn(cart, listing, quantity) : problem('VariantNotSold', { variantId: variant })
  })
}

/** The cart with the units in it, or why they do not fit. */
function putIn(open: OpenCart, listing: Listing, quantity: number) {
  const { variantId, available } = listing
  const line = open.lines.find((line) => line.variantId === variantId)
  const wanted = quantity + (line?.quantity ?? 0)
  if (wanted > limits.cartQuantityMax) return problem('CartQuantityExceeded', { variantId, max: limits.cartQuantityMax })
  if (wanted > available) return problem('NotEnoughStock', { variantId, available })
  if (!line && open.lines.length >= limits.cartLinesMax) return problem('CartFull', { max: limits.cartLinesMax })
  return line ? putMore(open, line, wanted) : putNew(open, listing, quantity)
}

const success = (cartId: string, lineId: string) => ({ __typename: 'AddToCartSuccess', cartId, lineId }) as const

/** Who puts something into the cart means to buy it, also where it was there and not to be bought. */
function putMore({ cart, lines }: OpenCart, line: OwnedLine, quantity: number) {
  const more = { ...withQuantity(line, quantity), selected: true }
  return {
    write: setQuantity(more),
    result: success(cart.id, line.id),
    after: { lines: lines.map((each) => (each === line ? more : each)) },
  }
}

function putNew({ cart, groups, lines }: OpenCart, listing: Listing, quantity: number) {
  const { shopId, price: seenPrice, available: seenAvailable, active: seenActive } = listing
  const { id: cartId, accountId, addressId } = cart
  const present = groups.find((group) => group.shopId === shopId)
  const group = present ?? { id: newId('cartGroup'), cartId, shopId, courierServiceId: null, ...unfound, addressId, accountId }
  const place = { id: newId('cartLine'), cartId, groupId: group.id, accountId }
  const line = { ...listing, ...place, quantity, selected: true, seenPrice, seenAvailable, seenActive }
  return {
    write: addLine(line),
    result: success(cartId, line.id),
    after: { lines: [...lines, line], ...(!present && { groups: [...groups, group] }) },
  }
}
