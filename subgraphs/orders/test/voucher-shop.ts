import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { hours, sellerOf, type Market, type OrderView, type Result, type Scene } from './market.ts'

/** A voucher as its shop reads it. */
export interface VoucherView {
  readonly id: string
  readonly code: string
  readonly state: string
  readonly used: number | null
  readonly uses: number | null
  readonly version: number
}

const fields = 'id code state used uses version'

const makeText = `mutation ($input: CreateVoucherInput!) { createVoucher(input: $input) { __typename
  ... on CreateVoucherSuccess { voucher { ${fields} } } ... on VoucherCodeTaken { voucherCode } ... on TooManyVouchers { most }
  ... on Problem { code message } } }`

const endText = `mutation ($input: EndVoucherInput!) { endVoucher(input: $input) { __typename
  ... on EndVoucherSuccess { voucher { ${fields} } } ... on StaleVoucher { version } ... on Problem { code message } } }`

/** What came of making or ending a voucher. */
export type VoucherResult = Result & { readonly voucher?: VoucherView }

/** What a seller sends for Rp10.000 off from Rp50.000 on, ten times, once for each buyer. */
export const termsOf = (market: Market, shopId: string, change: object = {}) => ({
  shopId,
  code: 'HEMAT10',
  amount: 10_000,
  minimumSpend: 50_000,
  uses: 10,
  endsAt: new Date(market.clock.now().getTime() + hours(720)).toISOString(),
  idempotencyKey: newId('movement'),
  ...change,
})

export const makeVoucher = async (market: Market, as: AccountViewer, input: object): Promise<VoucherResult> =>
  (await market.data<{ createVoucher: VoucherResult }>({ query: makeText, variables: { input }, as })).createVoucher

export const endVoucher = async (market: Market, as: AccountViewer, input: object): Promise<VoucherResult> => {
  const variables = { input: { idempotencyKey: newId('movement'), ...input } }
  return (await market.data<{ endVoucher: VoucherResult }>({ query: endText, variables, as })).endVoucher
}

/** A shop that sells one thing and has a voucher; `buys` gives somebody a cart of so many units of it. */
export async function voucherShop(market: Market, change: object = {}, { price = 50_000, stock = 1_000 } = {}) {
  const shopId = newId('shop')
  const seller = sellerOf(shopId)
  const variant = market.fake.addVariant(shopId, { price, stock })
  const made = await makeVoucher(market, seller, termsOf(market, shopId, change))
  if (!made.voucher) throw new Error(JSON.stringify(made))
  const { id, code } = made.voucher
  const buys = (buyer = accountForTest(), quantity = 2): Pick<Scene, 'buyer' | 'cart'> => {
    const { cartId, version } = market.fake.addCart(buyer.accountId, [{ variant, quantity }])
    return { buyer, cart: { cartId, version } }
  }
  const wish = { vouchers: [{ shopId, code }] }
  /** How often it is used, as its shop reads it. */
  const used = async (): Promise<number> => {
    const query = `query ($shop: ID!) { _entities(representations: [{ __typename: "Shop", id: $shop }]) { ... on Shop {
      vouchers(first: 100) { edges { node { ${fields} } } } } } }`
    type Answer = { _entities: [{ vouchers: { edges: readonly { node: VoucherView }[] } }] }
    const { _entities } = await market.data<Answer>({ query, variables: { shop: shopId }, as: seller })
    return _entities[0].vouchers.edges.find(({ node }) => node.id === id)!.node.used!
  }
  /** A checkout that uses it. */
  const buy = (scene = buys(), input: object = {}) => market.checkout(scene, { ...wish, ...input })
  /** The order of a paid checkout that uses it. */
  const sold = async (quantity = 2) => {
    const scene = buys(undefined, quantity)
    const { checkout } = await buy(scene)
    await market.pay(checkout!.id, scene.buyer.accountId)
    const view = async (): Promise<OrderView> => (await market.order(checkout!.orders[0]!.id, scene.buyer))!
    const orderId = checkout!.orders[0]!.id
    const bySeller = (mutation: string, more: object = {}) => market.act(mutation, seller, { orderId, ...more })
    const byBuyer = (mutation: string, more: object = {}) => market.act(mutation, scene.buyer, { orderId, ...more })
    return { ...scene, checkoutId: checkout!.id, orderId, view, bySeller, byBuyer }
  }
  /** What the cart says of it to somebody whose goods cost so much. */
  const offer = async (as: AccountViewer, amount: number, typed: string = code): Promise<Result> => {
    const group = {
      __typename: 'CartGroup',
      id: newId('cartGroup'),
      shop: { __typename: 'Shop', id: shopId },
      itemsTotal: { amount, currency: 'IDR' },
    }
    const query = `query ($of: [_Any!]!, $code: String!) { _entities(representations: $of) { ... on CartGroup { voucherOffer(code: $code) { __typename
      ... on VoucherOffer { discount { amount } voucher { ${fields} } }
      ... on CheckoutVoucherUnavailable { code message voucherCode refusal shop { id } minimumSpend { amount } } } } } }`
    const { _entities } = await market.data<{ _entities: [{ voucherOffer: Result }] }>({
      query,
      variables: { of: [group], code: typed },
      as,
    })
    return _entities[0].voucherOffer
  }
  return { shopId, seller, variant, voucherId: id, code, buys, wish, used, buy, sold, offer }
}

/** A shop with a voucher; see voucherShop. */
export type VoucherShop = Awaited<ReturnType<typeof voucherShop>>
