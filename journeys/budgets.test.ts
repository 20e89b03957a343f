import type { Client } from '@pasar/scripts/demo/client'
import { acceptOrder } from '@pasar/scripts/demo/order-operations'
import { addToCart } from '@pasar/scripts/demo/shopping-operations'
import { loadExamples } from '@pasar/router/pages/examples'
import { marketExamples } from '@pasar/router/pages/pages'
import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boughtUnits, type Bought } from './aftermath.ts'
import { buy, click, complete, fillCart, ledgerOf, paidOrder, parcelOf, pay } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { newVoucher } from './voucher-attempts.ts'
import { act, newBuyer, newShop, newStaff, password, putOnShelf, type Person, type TestShop } from './people.ts'

/** What each example costs: operations from the router to subgraphs, and SQL statements of all of them together. */
const budgets: Readonly<Record<string, readonly [fetches: number, statements: number]>> = {
  '01-browse': [2, 2],
  '02-search': [2, 4],
  '03-product': [2, 6],
  '04-sign-in-buyer': [1, 13],
  '05-add-to-cart': [1, 2],
  '06-cart': [5, 6],
  '07-choose-delivery': [4, 6],
  '08-checkout': [3, 24],
  '09-my-orders': [6, 12],
  '10-order-live': [4, 12],
  '11-shipment-live': [1, 6],
  '12-confirm-receipt': [1, 8],
  '13-request-cancel': [1, 10],
  '14-request-return': [1, 12],
  '15-my-orders-live': [1, 4],
  '16-my-data': [6, 19],
  '17-find-order': [2, 4],
  '18-review': [1, 8],
  '19-voucher': [3, 4],
  '20-sign-in-seller': [1, 12],
  '21-shop-orders': [4, 7],
  '22-accept-order': [1, 9],
  '23-shop-live': [2, 7],
  '24-shop-balance': [3, 7],
  '25-cancel-lines': [1, 14],
  '26-answer-return': [2, 11],
  '27-refunds': [3, 7],
  '28-shop-statement': [2, 6],
  '29-shop-desk': [3, 8],
  '30-sign-in-admin': [1, 13],
  '31-trial-balance': [1, 4],
  '32-audit-log': [1, 3],
  '33-mediate-return': [1, 13],
  '34-refund-afterwards': [1, 12],
  '35-courier-dues': [1, 4],
  '36-courier-statement': [1, 10],
  '37-reports': [1, 6],
  '38-take-down': [1, 12],
  '39-create-voucher': [1, 8],
  '40-tour': [0, 0],
  '41-notifications': [2, 5],
  '42-notifications-live': [1, 7],
}

const examples = new Map(loadExamples(marketExamples).map(({ name, query }) => [name, query]))

let test: TestMarket
let shop: TestShop
let other: TestShop
let buyer: Person & { readonly addressId: string }
let admin: Person
beforeAll(async () => {
  // What is known already costs nothing: held is what a first look costs.
  test = await openTestMarket({ cache: 'off' })
  const shelf = [
    { price: 40_000, units: 50 },
    { price: 60_000, units: 50 },
  ]
  shop = await newShop(test, shelf)
  other = await newShop(test, shelf)
  for (let product = 0; product < 8; product += 1) await putOnShelf(product % 2 ? shop : other, { price: 70_000, units: 5 })
  buyer = await newBuyer(test)
  admin = await newStaff(test, 'admin')
  for (const stars of [5, 3]) await completedPurchase(stars)
  await test.settle()
}, 240_000)
afterAll(() => test.stop())

/** Ids of the lines of an order. */
async function linesOf({ client }: Person, id: string): Promise<string[]> {
  const text = 'query Lines($id: ID!) { order(id: $id) { lines { id } } }'
  const { lines } = await client.ask<{ lines: readonly { id: string }[] }>(text, { id })
  return lines.map((line) => line.id)
}

/** The buyer buys from both shops, gets everything and reviews it. */
async function completedPurchase(rating: number) {
  const cart = await fillCart(buyer, [
    [shop.goods[0]!, 1],
    [shop.goods[1]!, 2],
    [other.goods[0]!, 1],
  ])
  const bought = await buy(test, buyer, click(cart))
  await pay(test, bought)
  for (const { id, shop: seller } of bought.orders) {
    await complete(test, seller.id === shop.shopId ? shop : other, { buyer, id })
    for (const orderLineId of await linesOf(buyer, id)) {
      const input = { orderLineId, rating, text: 'Wangi dan segar.' }
      await act(buyer.client, 'submitReview', { input, returns: 'review { id }' })
    }
  }
}

const textOf = (name: string) => {
  const text = examples.get(name)
  if (text === undefined) throw new Error(`there is no example ${name}`)
  return text
}

/** What one run costs. */
async function costOf(work: () => Promise<unknown>) {
  const { fetches, statements } = await test.measure(work)
  return [fetches.length, statements.length]
}

async function hold(name: string, client: Client, variables: object = {}) {
  expect.soft({ [name]: await costOf(() => client.ask(textOf(name), { ...variables })) }).toEqual({ [name]: budgets[name] })
}

/** Holds a list: a long page costs what a short one costs. */
async function holdList(name: string, client: Client, pages: readonly object[]) {
  await client.ask(textOf(name), { ...pages[0] })
  for (const variables of pages) await hold(name, client, variables)
}

interface Happening {
  readonly variables: Readonly<Record<string, unknown>>
  happens(): Promise<void>
}

/** Holds a live field: what it costs to come back and be sent the last frame of what happened. */
async function holdLive(name: string, client: Client, { variables, happens }: Happening) {
  // What happened before is no frame of this stream.
  await test.settle()
  const stream = await test.follow<{ readonly cursor: string }>(client, textOf(name), variables)
  await happens()
  await stream.waitForCount('two frames', 2, () => true)
  stream.stop()
  const after = stream.frames.at(-2)!.cursor
  const cost = await costOf(async () => {
    const again = await test.follow<unknown>(client, textOf(name), { ...variables, after })
    await again.waitForCount('the frame that was missed', 1, () => true)
    again.stop()
  })
  expect.soft({ [name]: cost }).toEqual({ [name]: budgets[name] })
}

it('every example of the playground has a budget', () => {
  expect(Object.keys(budgets)).toEqual([...examples.keys()])
})

describe('however long its page, an example costs what its row says', () => {
  it('at the shelves', async () => {
    await holdList('01-browse', test.guest, [{ first: 2 }, { first: 12 }])
    const filter = { text: 'kopi', maxPrice: 100_000, inStock: true }
    await holdList('02-search', test.guest, [
      { filter, first: 2 },
      { filter, first: 12 },
    ])
    const { productId } = shop.goods[0]!
    await holdList('03-product', test.guest, [
      { productId, reviews: 1 },
      { productId, reviews: 20 },
    ])
  })

  it('at the door', async () => {
    const input = (email: string) => ({ input: { email, password } })
    await hold('04-sign-in-buyer', test.guest, input(buyer.email))
    await hold('20-sign-in-seller', test.guest, input(shop.owner.email))
    await hold('30-sign-in-admin', test.guest, input(admin.email))
    await hold('40-tour', test.guest)
  })

  it('in a cart of one line or of four of two shops', async () => {
    const [one, many] = [await newBuyer(test), await newBuyer(test)]
    await one.client.ask(addToCart, { input: { variantId: shop.goods[1]!.variantId, quantity: 1 } })
    await hold('05-add-to-cart', one.client, { input: { variantId: shop.goods[0]!.variantId, quantity: 1 } })
    const small = await fillCart(one, [])
    await fillCart(
      many,
      [...shop.goods, ...other.goods].map((goods) => [goods, 1]),
    )
    for (const { client } of [one, many]) await holdList('06-cart', client, [{}])
    const choice = { addressId: one.addressId, groupId: small.groups[0]!.id, courierServiceId: 'jne_reg' }
    await hold('07-choose-delivery', one.client, choice)
  })

  it('at the till', async () => {
    const fresh = await newBuyer(test)
    const cart = await fillCart(fresh, [[other.goods[0]!, 1]])
    await hold('08-checkout', fresh.client, click(cart))
  })

  it('with a voucher', async () => {
    const fresh = await newBuyer(test)
    const input = newVoucher(test, other, { listed: true })
    await hold('39-create-voucher', other.owner.client, { input })
    await fillCart(fresh, [[other.goods[0]!, 1]])
    await holdList('19-voucher', fresh.client, [{ code: input.code }])
  })

  it('among the buyer’s orders', async () => {
    await holdList('09-my-orders', buyer.client, [{ first: 1 }, { first: 4 }])
    await holdList('16-my-data', buyer.client, [{ first: 1 }, { first: 4 }])
    await holdList('41-notifications', buyer.client, [{ first: 1 }, { first: 4 }])
    await holdList(
      '17-find-order',
      buyer.client,
      [1, 4].map((first) => ({ search: 'kopi', first })),
    )
  })

  it('in the seller’s shop', async () => {
    await holdList('21-shop-orders', shop.owner.client, [{ first: 1 }, { first: 20 }])
    await holdList('24-shop-balance', shop.owner.client, [{ first: 1 }, { first: 20 }])
    await holdList('28-shop-statement', shop.owner.client, [{ first: 1 }, { first: 20 }])
    await holdList(
      '29-shop-desk',
      shop.owner.client,
      [1, 20].map((first) => ({ states: ['PAID', 'COMPLETED'], search: 'kopi', first })),
    )
    const { order } = await paidOrder(test, shop)
    await hold('22-accept-order', shop.owner.client, { input: { orderId: order.id, idempotencyKey: newId('movement') } })
  })

  it('after the sale', async () => {
    const key = () => ({ idempotencyKey: newId('movement') })
    const order = await boughtUnits(test, shop, 3)
    const units = async (from: Bought) => [{ orderLineId: (await from.read()).lines[0]!.id, quantity: 1 }]
    const part = { orderId: order.id, reason: 'OUT_OF_STOCK', lines: await units(order) }
    await hold('25-cancel-lines', shop.owner.client, { input: { ...part, ...key() } })
    await test.settle()
    await hold('27-refunds', order.buyer.client, { id: order.id })
    await order.bySeller('acceptOrder')
    await hold('13-request-cancel', order.buyer.client, { input: { orderId: order.id, ...key() } })
    const [first, second] = [await boughtUnits(test, shop, 1), await boughtUnits(test, shop, 1)]
    const wish = async (from: Bought) => {
      await from.bySeller('acceptOrder')
      await from.outbound('picked', 'delivered')
      return { orderId: from.id, reason: 'DAMAGED', solution: 'RETURN_AND_REFUND', lines: await units(from), note: 'Pecah' }
    }
    await hold('14-request-return', first.buyer.client, { input: { ...(await wish(first)), ...key() } })
    await hold('26-answer-return', shop.owner.client, { input: { orderId: first.id, approve: true, ...key() } })
    await second.byBuyer('requestReturn', await wish(second))
    await second.bySeller('answerReturn', { approve: false, note: 'Tidak' })
    await second.byBuyer('escalateReturn', { note: 'Lihat foto' })
    const { client } = await newStaff(test, 'support')
    const decision = { orderId: second.id, decision: 'REFUND', note: 'Foto jelas' }
    await hold('33-mediate-return', client, { input: { ...decision, ...key() } })
    const third = await boughtUnits(test, shop, 1)
    await third.bySeller('acceptOrder')
    await third.outbound('picked', 'delivered')
    await third.byBuyer('confirmReceipt')
    const back = { orderId: third.id, amount: 1_000, note: 'Terbukti tiruan' }
    await hold('34-refund-afterwards', client, { input: { ...back, ...key() } })
  })

  it('in the office', async () => {
    await holdList('31-trial-balance', admin.client, [{ reason: 'Pemeriksaan harian' }])
    const line = { kind: 'COD', trackingNumber: 'JP0', amount: 5_000 }
    const statement = { courierId: 'jne', reference: 'JNE-1', received: 5_000, lines: [line], note: 'Rekening koran' }
    await hold('36-courier-statement', admin.client, { input: { ...statement, idempotencyKey: newId('movement') } })
    await holdList('35-courier-dues', admin.client, [{ reason: 'Tutup buku' }])
    const told = [await putOnShelf(shop, { price: 70_000, units: 5 }), await putOnShelf(other, { price: 70_000, units: 5 })]
    for (const { productId } of told)
      await act(buyer.client, 'report', { input: { productId, reason: 'COUNTERFEIT' }, returns: 'reportId' })
    const queue = { reason: 'Antrean harian' }
    await holdList('37-reports', admin.client, [
      { ...queue, first: 1 },
      { ...queue, first: 20 },
    ])
    const down = { productId: told[0]!.productId, reason: 'Merek tiruan' }
    await hold('38-take-down', admin.client, { input: down })
    const support = await newStaff(test, 'support')
    for (let look = 0; look < 3; look += 1) await ledgerOf(support)
    await test.settle()
    // To look at the names of others is an act of its own; the reader's own acts are left out.
    const filter = { actorId: support.accountId }
    await holdList('32-audit-log', admin.client, [
      { filter, first: 1 },
      { filter, first: 20 },
    ])
  })
})

describe('a live example costs what its row says for the frame that is sent', () => {
  it('of an order, of a buyer, of a shop and of a parcel', async () => {
    const { buyer: follower, order } = await paidOrder(test, shop)
    const accept = async () => {
      await shop.owner.client.ask(acceptOrder, { input: { orderId: order.id, idempotencyKey: newId('movement') } })
      await test.settle()
    }
    await holdLive('10-order-live', follower.client, { variables: { orderId: order.id }, happens: accept })
    const { id: shipmentId, trackingNumber } = await parcelOf(follower, order.id)
    const drive = async () => {
      for (let scan = 0; scan < 5; scan += 1) {
        await test.simulators.advance(trackingNumber)
        await test.settle()
      }
    }
    await holdLive('11-shipment-live', follower.client, { variables: { shipmentId }, happens: drive })
    await hold('12-confirm-receipt', follower.client, { input: { orderId: order.id, idempotencyKey: newId('movement') } })
    await test.settle()
    const [orderLineId] = await linesOf(follower, order.id)
    await hold('18-review', follower.client, { input: { orderLineId, rating: 5, text: 'Wangi dan segar.' } })
    const sell = async () => void (await paidOrder(test, shop))
    const again = async () => pay(test, await buy(test, follower, click(await fillCart(follower, [[shop.goods[0]!, 1]]))))
    await holdLive('15-my-orders-live', follower.client, { variables: {}, happens: again })
    await holdLive('23-shop-live', shop.owner.client, { variables: { shopId: shop.shopId }, happens: sell })
    await holdLive('42-notifications-live', shop.owner.client, { variables: {}, happens: async () => (await sell(), sell()) })
  })
})
