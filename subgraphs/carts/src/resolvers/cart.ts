import { rupiah } from '@pasar/shared/money'
import type { CartsContext } from '../context.ts'
import { cartTotal, countsToTotal, itemsTotal, originRegencyCode, parcelToSend, selectedQuantity } from '../domain/cart.ts'
import { isOwn } from '../queries.ts'
import type { CartRow } from '../store/carts.ts'
import type { GroupRow } from '../store/groups.ts'
import type { OwnedLine } from '../store/lines.ts'

/** What the router brings along for Cart.total. */
interface CartReference {
  readonly id: string
  readonly groups?: readonly { readonly shippingCost?: { readonly amount: number } | null }[]
}

type CartSource = CartRow & { readonly shippingCosts?: readonly (bigint | null)[] }

const linesOf = async ({ id }: { readonly id: string }, { loaders }: CartsContext): Promise<readonly OwnedLine[]> =>
  (await loaders.content.load(id))?.lines ?? []

const linesOfGroup = async ({ id, cartId }: GroupRow, ctx: CartsContext): Promise<readonly OwnedLine[]> =>
  (await linesOf({ id: cartId }, ctx)).filter((line) => line.groupId === id)

const addressOf = ({ addressId }: { readonly addressId: string | null }) =>
  addressId === null ? null : { __typename: 'Address', id: addressId }

async function resolveCart({ id, groups }: CartReference, ctx: CartsContext): Promise<CartSource | null> {
  const cart = (await ctx.loaders.content.load(id))?.cart
  if (!cart || !isOwn(ctx, cart)) return null
  const cost = (amount: number | undefined) => (amount === undefined ? null : BigInt(amount))
  return { ...cart, shippingCosts: groups?.map(({ shippingCost }) => cost(shippingCost?.amount)) ?? [] }
}

async function totalOf(cart: CartSource, ctx: CartsContext) {
  const total = cartTotal(await linesOf(cart, ctx), cart.shippingCosts ?? [])
  return total === undefined ? null : rupiah(total)
}

export const cartFields = {
  __resolveReference: resolveCart,
  groups: async ({ id }: CartRow, _: unknown, { loaders }: CartsContext) => (await loaders.content.load(id))?.groups ?? [],
  lines: (cart: CartRow, _: unknown, ctx: CartsContext) => linesOf(cart, ctx),
  itemsTotal: async (cart: CartRow, _: unknown, ctx: CartsContext) => rupiah(itemsTotal(await linesOf(cart, ctx))),
  selectedLines: async (cart: CartRow, _: unknown, ctx: CartsContext) => (await linesOf(cart, ctx)).filter(countsToTotal).length,
  selectedQuantity: async (cart: CartRow, _: unknown, ctx: CartsContext) => selectedQuantity(await linesOf(cart, ctx)),
  destination: addressOf,
  beingCheckedOut: ({ lockedBy }: CartRow) => lockedBy !== null,
  total: (cart: CartSource, _: unknown, ctx: CartsContext) => totalOf(cart, ctx),
}

async function resolveGroup({ id }: { readonly id: string }, ctx: CartsContext): Promise<GroupRow | null> {
  const group = await ctx.loaders.group.load(id)
  return group && isOwn(ctx, group) ? group : null
}

export const cartGroupFields = {
  __resolveReference: resolveGroup,
  shop: ({ shopId }: GroupRow) => ({ __typename: 'Shop', id: shopId }),
  lines: (group: GroupRow, _: unknown, ctx: CartsContext) => linesOfGroup(group, ctx),
  itemsTotal: async (group: GroupRow, _: unknown, ctx: CartsContext) => rupiah(itemsTotal(await linesOfGroup(group, ctx))),
  weightGrams: async (group: GroupRow, _: unknown, ctx: CartsContext) => parcelToSend(await linesOfGroup(group, ctx)).weightGrams,
  volumeCubicCm: async (group: GroupRow, _: unknown, ctx: CartsContext) =>
    parcelToSend(await linesOfGroup(group, ctx)).volumeCubicCm,
  originRegencyCode: async (group: GroupRow, _: unknown, ctx: CartsContext) =>
    originRegencyCode(await linesOfGroup(group, ctx), group),
  courierService: ({ courierServiceId }: GroupRow) =>
    courierServiceId === null ? null : { __typename: 'CourierService', id: courierServiceId },
  destination: addressOf,
}
