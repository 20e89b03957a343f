import type { EventPayloads } from '@pasar/schema/events'
import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { startForTest, type TestSubgraph } from '@pasar/shared/testing/subgraph'
import type { Viewer } from '@pasar/shared/identity/viewer'
import { openCarts } from '../src/subgraph.ts'

/** A listing as products would tell of it. */
export type TestListing = EventPayloads['ListingChanged']

let seq = 0

export const startCarts = () => startForTest('carts', openCarts)

const someListing = (): TestListing => ({
  variantId: newId('variant'),
  productId: newId('product'),
  shopId: newId('shop'),
  title: 'Kopi Gayo',
  variantName: '250 g',
  sku: 'KG-250',
  price: 53_500,
  weightGrams: 260,
  lengthMm: 120,
  widthMm: 80,
  heightMm: 60,
  available: 10,
  active: true,
  originRegencyCode: '11.04',
  imageUrl: null,
})

/** Tells carts of a listing; without a seq it is the newest news. */
export async function publish(carts: TestSubgraph, listing: Partial<TestListing> = {}, at?: number): Promise<TestListing> {
  seq += 1
  const payload = { ...someListing(), ...listing }
  await carts.deliver('products', { type: 'ListingChanged', aggregateId: payload.variantId, seq: at ?? seq, payload })
  return payload
}

const cartFields = `id version itemsTotal { amount formatted } selectedLines selectedQuantity beingCheckedOut expiresAt
  destination { id }
  lines { id quantity selected unitPrice { amount } lineTotal { amount } availability available variant { id } product { id }
    notices { kind from { amount } to { amount } available } }
  groups { id shop { id } weightGrams volumeCubicCm originRegencyCode originRegency { name } courierServiceId courierService { id } destination { id }
    itemsTotal { amount } lines { id } }`

const problemFields = `... on Problem { code message } ... on StaleCart { version } ... on CartBeingCheckedOut { checkoutId }
  ... on NotEnoughStock { variantId available } ... on CartQuantityExceeded { max } ... on CartFull { max }`

interface AmountField {
  readonly amount: number
}

export interface CartView {
  readonly id: string
  readonly version: number
  readonly itemsTotal: AmountField & { readonly formatted: string }
  readonly selectedLines: number
  readonly selectedQuantity: number
  readonly beingCheckedOut: boolean
  readonly expiresAt: string | null
  readonly destination: { readonly id: string } | null
  readonly lines: readonly {
    readonly id: string
    readonly quantity: number
    readonly selected: boolean
    readonly unitPrice: AmountField
    readonly lineTotal: AmountField
    readonly availability: string
    readonly available: number
    readonly variant: { readonly id: string }
    readonly notices: readonly object[]
  }[]
  readonly groups: readonly {
    readonly id: string
    readonly shop: { readonly id: string }
    readonly weightGrams: number
    readonly volumeCubicCm: number
    readonly originRegencyCode: string | null
    readonly courierServiceId: string | null
    readonly destination: { readonly id: string } | null
    readonly lines: readonly { readonly id: string }[]
  }[]
}

/** A mutation's result with whatever was asked of it. */
export interface Outcome {
  readonly __typename: string
  readonly code?: string
  readonly message?: string
  readonly cart?: CartView
  readonly cartToken?: string
  readonly leftOut?: readonly { readonly id: string }[]
  readonly [field: string]: unknown
}

/** Reads a cart by token, or the viewer's own. */
export async function readCart(carts: TestSubgraph, { token, as }: { token?: string; as?: Viewer }): Promise<CartView | null> {
  const query = `query ($token: String) { cart(token: $token) { ${cartFields} } }`
  const result = await carts.execute<{ cart: CartView | null }>({ query, variables: { token: token ?? null }, ...(as && { as }) })
  if (result.errors) throw new Error(JSON.stringify(result.errors))
  return result.data!.cart
}

const capitalised = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)

/** Runs a mutation of the public graph and gives its result, whichever member of the union it is. */
export async function change(carts: TestSubgraph, [name, input]: readonly [string, object], as?: Viewer): Promise<Outcome> {
  const extra = name === 'mergeCarts' ? 'leftOut { id }' : ''
  const query = `mutation ($input: ${capitalised(name)}Input!) { outcome: ${name}(input: $input) {
    __typename ... on ${capitalised(name)}Success { ${extra} cart { ${cartFields} } } ${problems(name)} } }`
  const result = await carts.execute<{ outcome: Outcome }>({ query, variables: { input }, ...(as && { as }) })
  if (result.errors) throw new Error(JSON.stringify(result.errors))
  return result.data!.outcome
}

const only: Readonly<Record<string, string>> = {
  addToCart: problemFields,
  changeQuantity: `... on Problem { code message } ... on StaleCart { version } ... on NotEnoughStock { variantId available }`,
  mergeCarts: `... on Problem { code message } ... on CartBeingCheckedOut { checkoutId }`,
}
const problems = (name: string) => only[name] ?? '... on Problem { code message } ... on StaleCart { version }'

export async function guestCart(carts: TestSubgraph): Promise<string> {
  const query = 'mutation { createCart { ... on CreateCartSuccess { cartToken cart { id version expiresAt } } } }'
  return (await carts.execute<{ createCart: { cartToken: string } }>({ query })).data!.createCart.cartToken
}

/** Puts units into the cart of an account, or of a guest's token. */
export const add = (
  carts: TestSubgraph,
  who: { token?: string; as?: Viewer },
  what: { variantId: string; quantity?: number },
) => {
  const input = { ...(who.token && { cartToken: who.token }), variantId: what.variantId, quantity: what.quantity ?? 1 }
  return change(carts, ['addToCart', input], who.as)
}

const copies = `INSERT INTO listing SELECT 'var_copy_' || n, seq, product_id, shop_id, title, variant_name, sku, price, weight_grams,
  length_mm, width_mm, height_mm, available, active, origin_regency_code, image_url
  FROM listing, generate_series(2, 200) n WHERE variant_id = $1`
const copiedLines = `INSERT INTO cart_line SELECT id || n, cart_id, group_id, 'var_copy_' || n, 1, selected, seen_price, seen_available,
  seen_active, added_at FROM cart_line, generate_series(2, 200) n WHERE id = $1`

/** Fills a cart of one line up to 200 lines, faster than 199 clicks would. */
export async function fill(carts: TestSubgraph, { lines: [line] }: CartView): Promise<void> {
  const { pool, stop } = openPostgres({ url: carts.databaseUrl })
  await pool.query(copies, [line!.variant.id])
  await pool.query(copiedLines, [line!.id])
  await stop()
}
