import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { changeCart } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { parseCourierServiceId } from '../domain/cart.ts'
import type { ChooseShippingInput } from '../generated/resolvers.ts'
import { setCourierService } from '../store/changes.ts'

const parseGroupId = idParser('cartGroup')

export function chooseShipping(ctx: CartsContext, input: ChooseShippingInput) {
  const id = parseGroupId(input.groupId, 'groupId')
  const courierServiceId = parseCourierServiceId(input.courierServiceId)
  return changeCart(ctx, input, ({ cart, groups }) => {
    if (!groups.some((group) => group.id === id)) return problem('CartGroupNotFound', { groupId: id })
    return {
      write: setCourierService(id, courierServiceId),
      result: { __typename: 'ChooseShippingSuccess', cartId: cart.id, groupId: id } as const,
      after: { groups: groups.map((group) => (group.id === id ? { ...group, courierServiceId } : group)) },
    }
  })
}
