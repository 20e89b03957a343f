import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { changeCart, type CartTarget } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { parseCourierServiceId } from '../domain/cart.ts'
import { setCourierService } from '../store/groups.ts'

interface ChooseShippingInput extends CartTarget {
  readonly groupId: string
  readonly courierServiceId: string
}

const parseGroupId = idParser('cartGroup')

export function chooseShipping(ctx: CartsContext, input: ChooseShippingInput) {
  const id = parseGroupId(input.groupId, 'groupId')
  const courierServiceId = parseCourierServiceId(input.courierServiceId)
  return changeCart(ctx, input, async ({ tx, cart }) => {
    const changed = await setCourierService(tx, { id, cartId: cart.id, courierServiceId })
    if (changed === 0) return problem('CartGroupNotFound', { groupId: id })
    return { __typename: 'ChooseShippingSuccess', cartId: cart.id, groupId: id } as const
  })
}
