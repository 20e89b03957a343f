import { idParser } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import { changeCart, type CartTarget, type HeldCart } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { parseQuantity, type Listing } from '../domain/cart.ts'
import { groupFor } from '../store/groups.ts'
import { addLine, countLines, findLine, setQuantity } from '../store/lines.ts'
import { findListings } from '../store/listings.ts'

interface AddToCartInput extends CartTarget {
  readonly variantId: string
  readonly quantity: number
}

const variantId = idParser('variant')

export function addToCart(ctx: CartsContext, input: AddToCartInput) {
  const variant = variantId(input.variantId, 'variantId')
  const quantity = parseQuantity(input.quantity)
  return changeCart(ctx, input, async (held) => {
    const [listing] = await findListings(held.tx, [variant])
    if (!listing?.active) return problem('VariantNotSold', { variantId: variant })
    const result = await putIn(held, listing, quantity)
    return typeof result === 'string'
      ? ({ __typename: 'AddToCartSuccess', cartId: held.cart.id, lineId: result } as const)
      : result
  })
}

/** The id of the line that holds the units now, or why they do not fit. */
async function putIn({ tx, cart, now }: HeldCart, listing: Listing, quantity: number) {
  const { variantId, available } = listing
  const line = await findLine(tx, cart.id, variantId)
  const wanted = quantity + (line?.quantity ?? 0)
  if (wanted > limits.cartQuantityMax) return problem('CartQuantityExceeded', { variantId, max: limits.cartQuantityMax })
  if (wanted > available) return problem('NotEnoughStock', { variantId, available })
  if (line) return (await setQuantity(tx, line.id, wanted)).id
  if ((await countLines(tx, cart.id)) >= limits.cartLinesMax) return problem('CartFull', { max: limits.cartLinesMax })
  const groupId = await groupFor(tx, { cartId: cart.id, shopId: listing.shopId, now })
  return addLine(tx, { cartId: cart.id, groupId, listing, quantity, now })
}
