import { rupiah } from '@pasar/shared/money'
import { findRegency } from '@pasar/shared/regions'
import type { CartsContext } from '../context.ts'
import { cartTotal, countsToTotal, itemsTotal, originRegencyCode, parcelToSend, selectedQuantity } from '../domain/cart.ts'
import type { CartGroupResolvers, CartResolvers } from '../generated/resolvers.ts'
import { isOwn } from '../queries.ts'
import type { ReferredCart } from '../store/carts.ts'
import type { GroupRow } from '../store/groups.ts'
import type { OwnedLine } from '../store/lines.ts'

/** What the router brings along for Cart.total: JSON, so that an amount is a number. */
type Parcels = readonly { readonly shippingCost?: { readonly amount: number } | null }[]

interface CartReference {
  readonly id: string
  readonly groups?: object
}

const linesOf = async ({ id }: { readonly id: string }, { loaders }: CartsContext): Promise<readonly OwnedLine[]> =>
  (await loaders.content.load(id))?.lines ?? []

const linesOfGroup = async ({ id, cartId }: GroupRow, ctx: CartsContext): Promise<readonly OwnedLine[]> =>
  (await linesOf({ id: cartId }, ctx)).filter((line) => line.groupId === id)

const addressOf = ({ addressId }: { readonly addressId: string | null }) =>
  addressId === null ? null : { __typename: 'Address', id: addressId }

async function resolveCart({ id, groups }: CartReference, ctx: CartsContext): Promise<ReferredCart | null> {
  const cart = (await ctx.loaders.content.load(id))?.cart
  if (!cart || !isOwn(ctx, cart)) return null
  const cost = (amount: number | undefined) => (amount === undefined ? null : BigInt(amount))
  const parcels = groups as Parcels | undefined
  return { ...cart, shippingCosts: parcels?.map(({ shippingCost }) => cost(shippingCost?.amount)) ?? [] }
}

async function totalOf(cart: ReferredCart, ctx: CartsContext) {
  const total = cartTotal(await linesOf(cart, ctx), cart.shippingCosts ?? [])
  return total === undefined ? null : rupiah(total)
}

export const cartFields = {
  __resolveReference: resolveCart,
  groups: async ({ id }, _, { loaders }) => (await loaders.content.load(id))?.groups ?? [],
  lines: (cart, _, ctx) => linesOf(cart, ctx),
  itemsTotal: async (cart, _, ctx) => rupiah(itemsTotal(await linesOf(cart, ctx))),
  selectedLines: async (cart, _, ctx) => (await linesOf(cart, ctx)).filter(countsToTotal).length,
  selectedQuantity: async (cart, _, ctx) => selectedQuantity(await linesOf(cart, ctx)),
  destination: addressOf,
  beingCheckedOut: ({ lockedBy }) => lockedBy !== null,
  total: (cart, _, ctx) => totalOf(cart, ctx),
} satisfies CartResolvers

async function resolveGroup({ id }: { readonly id: string }, ctx: CartsContext): Promise<GroupRow | null> {
  const group = await ctx.loaders.group.load(id)
  return group && isOwn(ctx, group) ? group : null
}

const originOf = async (group: GroupRow, _: unknown, ctx: CartsContext) =>
  originRegencyCode(await linesOfGroup(group, ctx), group)

export const cartGroupFields = {
  __resolveReference: resolveGroup,
  shop: ({ shopId }) => ({ __typename: 'Shop', id: shopId }),
  lines: (group, _, ctx) => linesOfGroup(group, ctx),
  itemsTotal: async (group, _, ctx) => rupiah(itemsTotal(await linesOfGroup(group, ctx))),
  weightGrams: async (group, _, ctx) => parcelToSend(await linesOfGroup(group, ctx)).weightGrams,
  volumeCubicCm: async (group, _, ctx) => parcelToSend(await linesOfGroup(group, ctx)).volumeCubicCm,
  originRegencyCode: originOf,
  originRegency: async (group, _, ctx) => findRegency((await originOf(group, _, ctx)) ?? '') ?? null,
  courierService: ({ courierServiceId }) =>
    courierServiceId === null ? null : { __typename: 'CourierService', id: courierServiceId },
  destination: addressOf,
} satisfies CartGroupResolvers
