import { command } from '@pasar/shared/subgraph/resolvers'
import { acknowledgeChanges } from '../commands/acknowledge-changes.ts'
import { addToCart } from '../commands/add-to-cart.ts'
import { cartsClear } from '../commands/carts-clear.ts'
import { cartsLock } from '../commands/carts-lock.ts'
import { cartsUnlock } from '../commands/carts-unlock.ts'
import { changeQuantity } from '../commands/change-quantity.ts'
import { chooseShipping } from '../commands/choose-shipping.ts'
import { createCart } from '../commands/create-cart.ts'
import { mergeCarts } from '../commands/merge-carts.ts'
import { removeLine } from '../commands/remove-line.ts'
import { selectLines } from '../commands/select-lines.ts'
import { setDestination } from '../commands/set-destination.ts'
import type { InCart, MergedCart } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import type { MutationResolvers, Resolvers } from '../generated/resolvers.ts'

export const mutations = {
  createCart: (_, __, ctx) => createCart(ctx),
  addToCart: command(addToCart),
  changeQuantity: command(changeQuantity),
  removeLine: command(removeLine),
  selectLines: command(selectLines),
  acknowledgeChanges: command(acknowledgeChanges),
  setDestination: command(setDestination),
  chooseShipping: command(chooseShipping),
  mergeCarts: command(mergeCarts),
  cartsLock: command(cartsLock),
  cartsUnlock: command(cartsUnlock),
  cartsClear: command(cartsClear),
} satisfies MutationResolvers

const cart = async ({ cartId }: InCart, _: unknown, { loaders }: CartsContext) => (await loaders.content.load(cartId))!.cart
const line = async ({ cartId, lineId }: InCart & { lineId: string }, _: unknown, { loaders }: CartsContext) =>
  (await loaders.content.load(cartId))!.lines.find(({ id }) => id === lineId)!
const group = async ({ cartId, groupId }: InCart & { groupId: string }, _: unknown, { loaders }: CartsContext) =>
  (await loaders.content.load(cartId))!.groups.find(({ id }) => id === groupId)!
const leftOut = (source: MergedCart) => source.leftOut.map((id) => ({ __typename: 'Variant', id }))

/** A success holds ids: what they stand for is read when it is selected. */
export const successFields = {
  CreateCartSuccess: { cart },
  AddToCartSuccess: { cart, line },
  ChangeQuantitySuccess: { cart, line },
  RemoveLineSuccess: { cart },
  SelectLinesSuccess: { cart },
  AcknowledgeChangesSuccess: { cart },
  SetDestinationSuccess: { cart },
  ChooseShippingSuccess: { cart, group },
  MergeCartsSuccess: { cart, leftOut },
} satisfies Resolvers
