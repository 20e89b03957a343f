import { newId } from '@pasar/shared/ids'
import { act, mustAct, type Came } from './acts.ts'
import type { Buyer, Goods } from './people.ts'
import type { World } from './world.ts'

/** So many units of something. */
export type Wanted = readonly (readonly [Goods, number])[]

/** A cart as its checkout needs it. */
export interface Cart {
  readonly id: string
  readonly version: number
  readonly groups: readonly { readonly id: string; readonly lines: readonly { readonly id: string }[] }[]
}

/** What the button "Buy" sends. */
export interface Click {
  readonly cartId: string
  readonly expectedCartVersion: number
  readonly paymentMethod: string
  readonly idempotencyKey: string
  readonly expectedTotal?: number
  readonly vouchers?: readonly { readonly shopId: string; readonly code: string }[]
}

export const readCart = async (world: World, { viewer }: Buyer): Promise<Cart | null> =>
  (await world.send<{ cart: Cart | null }>('carts', { query: '{ cart { id version groups { id lines { id } } } }', as: viewer }))
    .cart

const change = (world: World, { viewer }: Buyer, [field, input]: readonly [string, object]) =>
  mustAct(world, { domain: 'carts', field, as: viewer, input })

export const addToCart = (world: World, buyer: Buyer, [{ variantId }, quantity]: readonly [Goods, number]) =>
  act(world, { domain: 'carts', field: 'addToCart', as: buyer.viewer, input: { variantId, quantity } })

export const acknowledgeChanges = (world: World, buyer: Buyer) => change(world, buyer, ['acknowledgeChanges', {}])

/** Empties a buyer's cart and fills it with what is wanted. */
export async function fillCart(world: World, buyer: Buyer, wanted: Wanted): Promise<void> {
  const before = await readCart(world, buyer)
  for (const { id: lineId } of before?.groups.flatMap(({ lines }) => lines) ?? [])
    await change(world, buyer, ['removeLine', { lineId }])
  for (const [{ variantId }, quantity] of wanted) await change(world, buyer, ['addToCart', { variantId, quantity }])
}

/** Says where the cart goes and by whom: what a checkout needs beside lines. */
export async function completeCart(world: World, buyer: Buyer): Promise<Cart | null> {
  const cart = await readCart(world, buyer)
  if (!cart || cart.groups.length === 0) return cart
  await change(world, buyer, ['setDestination', { addressId: buyer.addressId }])
  for (const { id: groupId } of cart.groups)
    await change(world, buyer, ['chooseShipping', { groupId, courierServiceId: 'jne_reg' }])
  return readCart(world, buyer)
}

export const clickOn = ({ id, version }: Cart, changes: Partial<Click> = {}): Click => ({
  cartId: id,
  expectedCartVersion: version,
  paymentMethod: 'BCA_VA',
  idempotencyKey: newId('movement'),
  ...changes,
})

/** What came of pressing "Buy". */
export type Bought = Came<{
  readonly checkout?: { readonly id: string; readonly state: string }
  /** Why a voucher cannot be used. */
  readonly refusal?: string
  /** Of what there is too little, and how much there is. */
  readonly lines?: readonly { readonly variant: { readonly id: string }; readonly available: number }[]
}>

const lacking = '{ lines { variant { id } available } }'

export const pressBuy = (world: World, { viewer }: Buyer, click: Click): Promise<Bought> =>
  act(world, {
    domain: 'orders',
    field: 'checkout',
    as: viewer,
    input: click,
    success: 'CheckoutPlaced',
    returns: 'checkout { id state }',
    others: `... on CheckoutProcessing { checkout { id state } } ... on CheckoutVoucherUnavailable { refusal }
      ... on CheckoutOutOfStock ${lacking} ... on CheckoutFlashSaleLimited ${lacking}`,
  })
