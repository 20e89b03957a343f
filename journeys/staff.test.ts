import { addToCart, readCart } from '@pasar/scripts/demo/shopping-operations'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buy, click, complete, fillCart, ledgerOf, paidOrder } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newBuyer, newShop, newStaff, type Person, type TestShop } from './people.ts'
import { inBothWays } from './ways.ts'

inBothWays((way) => {
  let test: TestMarket
  let admin: Person
  beforeAll(async () => {
    test = await openTestMarket({ way })
    admin = await newStaff(test, 'admin')
  })
  afterAll(() => test.stop())

  const browse = `query Browse($shopId: ID!) { products(filter: { shopId: $shopId }) { edges { node { id } } } }`
  const onShelf = async ({ shopId }: TestShop) => (await test.guest.ask<{ edges: unknown[] }>(browse, { shopId })).edges.length

  const auditQuery = `query Audit($filter: AuditFilter) {
    auditLog(filter: $filter) { edges { node { actor { id } action subjectId reason domain } } }
  }`
  const auditOf = async (filter: object) => {
    await test.settle()
    type Entry = { actor: { id: string }; action: string; subjectId: string; reason: string | null; domain: string }
    const { edges } = await admin.client.ask<{ edges: { node: Entry }[] }>(auditQuery, { filter })
    return edges.map(({ node }) => node)
  }

  describe('a suspended shop', () => {
    it('disappears from the shelves and from what can be bought, and comes back when it is reinstated', async () => {
      const shop = await newShop(test, [{ price: 50_000, units: 5 }])
      const { productId, variantId } = shop.goods[0]!
      const buyer = await newBuyer(test)
      const cart = await fillCart(buyer, [[shop.goods[0]!, 1]])
      const reason = 'Menjual barang palsu'
      await act(admin.client, 'suspendShop', { input: { shopId: shop.shopId, reason }, returns: 'shop { state }' })
      await test.settle()

      expect(await onShelf(shop)).toBe(0)
      expect(await test.guest.ask('query Gone($id: ID!) { product(id: $id) { id } }', { id: productId })).toBeNull()
      await expect(buyer.client.ask(addToCart, { input: { variantId, quantity: 1 } })).rejects.toThrow('VARIANT_NOT_SOLD')
      const line = await buyer.client.ask('query Line { cart { selectedLines lines { availability } } }')
      expect(line).toEqual({ selectedLines: 0, lines: [{ availability: 'NO_LONGER_SOLD' }] })
      await expect(buy(test, buyer, click(cart))).rejects.toThrow(/CHECKOUT_(NO_LONGER_SOLD|CART_EMPTY)/)

      await act(admin.client, 'reinstateShop', {
        input: { shopId: shop.shopId, reason: 'Sudah jelas' },
        returns: 'shop { state }',
      })
      await test.settle()
      expect(await onShelf(shop)).toBe(1)
      expect((await buyer.client.ask(readCart))?.groups).toHaveLength(1)
      const acts = await auditOf({ subjectId: shop.shopId })
      expect(acts.map(({ action }) => action)).toEqual(['shop.reinstate', 'shop.suspend'])
      expect(acts[1]).toMatchObject({ actor: { id: admin.accountId }, reason, domain: 'users' })
    })
  })

  describe('a product that staff take down', () => {
    it('disappears from the shelves and from what can be bought, its seller reads why, and it comes back when it is restored', async () => {
      const shop = await newShop(test, [{ price: 50_000, units: 5 }])
      const { productId, variantId } = shop.goods[0]!
      const support = await newStaff(test, 'support')
      const buyer = await newBuyer(test)
      const cart = await fillCart(buyer, [[shop.goods[0]!, 1]])
      const page = 'query Page($id: ID!) { product(id: $id) { id status } }'
      expect(await onShelf(shop)).toBe(1)
      expect(await test.guest.ask(page, { id: productId })).toEqual({ id: productId, status: 'PUBLISHED' })
      const reason = 'Obat tanpa izin edar'
      await act(support.client, 'takeDownProduct', { input: { productId, reason }, returns: 'product { status }' })
      await test.settle()

      expect(await onShelf(shop)).toBe(0)
      expect(await test.guest.ask(page, { id: productId })).toBeNull()
      await expect(buyer.client.ask(addToCart, { input: { variantId, quantity: 1 } })).rejects.toThrow('VARIANT_NOT_SOLD')
      const line = await buyer.client.ask('query Line { cart { selectedLines lines { availability } } }')
      expect(line).toEqual({ selectedLines: 0, lines: [{ availability: 'NO_LONGER_SOLD' }] })
      await expect(buy(test, buyer, click(cart))).rejects.toThrow(/CHECKOUT_(NO_LONGER_SOLD|CART_EMPTY)/)
      const ofSeller = 'query OfSeller($id: ID!) { product(id: $id) { status moderation { reason } } }'
      const down = { status: 'TAKEN_DOWN', moderation: { reason } }
      expect(await shop.owner.client.ask(ofSeller, { id: productId })).toEqual(down)

      await act(support.client, 'restoreProduct', {
        input: { productId, reason: 'Izin sudah ada' },
        returns: 'product { status }',
      })
      await test.settle()
      expect(await onShelf(shop)).toBe(1)
      expect(await test.guest.ask(page, { id: productId })).toEqual({ id: productId, status: 'PUBLISHED' })
      expect((await buyer.client.ask(readCart))?.groups).toHaveLength(1)
      const acts = await auditOf({ subjectId: productId })
      expect(acts.map(({ action }) => action)).toEqual(['product.restore', 'product.takeDown'])
      expect(acts[1]).toMatchObject({ actor: { id: support.accountId }, reason, domain: 'products' })
    })
  })

  describe('a review that staff take down', () => {
    it('is gone from the page that everyone reads, and its author reads why', async () => {
      const shop = await newShop(test, [{ price: 50_000, units: 5 }])
      const { order, buyer } = await paidOrder(test, shop)
      await complete(test, shop, { buyer, id: order.id })
      const ofLines = 'query Lines($id: ID!) { order(id: $id) { lines { id } } }'
      const { lines } = await buyer.client.ask<{ lines: { id: string }[] }>(ofLines, { id: order.id })
      const page = `query Page($id: ID!) { product(id: $id) { id rating { count } reviews { edges { node { id text } } } } }`
      const ofShop = 'query OfShop($id: ID!) { shop(id: $id) { id name rating { average count } } }'
      const { productId: id } = shop.goods[0]!
      const shows = async (product: object, rating: object) => {
        // Whatever the router keeps, it has by now.
        for (let time = 0; time < 3; time += 1) {
          expect(await test.guest.ask(page, { id })).toEqual({ id, ...product })
          expect(await test.guest.ask(ofShop, { id: shop.shopId })).toMatchObject({ rating })
        }
      }
      const showsNothing = () => shows({ rating: { count: 0 }, reviews: { edges: [] } }, { average: null, count: 0 })
      await showsNothing()
      const written = { orderLineId: lines[0]!.id, rating: 1, text: 'Penjualnya tinggal di Jalan Mawar 3' }
      const { review } = await act<{ review: { id: string } }>(buyer.client, 'submitReview', {
        input: written,
        returns: 'review { id }',
      })
      await test.settle()
      const edges = [{ node: { id: review.id, text: written.text } }]
      const showsAll = () => shows({ rating: { count: 1 }, reviews: { edges } }, { average: 1, count: 1 })
      await showsAll()
      const { client } = await newStaff(test, 'support')
      const reason = 'Alamat orang lain'
      await act(client, 'takeDownReview', { input: { reviewId: review.id, reason }, returns: 'review { id }' })
      await test.settle()
      await showsNothing()
      const mine = 'query Mine { me { reviews { edges { node { text moderation { reason } } } } } }'
      expect(await buyer.client.ask(mine)).toEqual({
        reviews: { edges: [{ node: { text: written.text, moderation: { reason } } }] },
      })
      await act(client, 'restoreReview', { input: { reviewId: review.id, reason: 'Alamat toko' }, returns: 'review { id }' })
      await test.settle()
      await showsAll()
    })
  })

  describe('what a shop answers to a review', () => {
    it('stands below it on the page that everyone reads, and is gone from there while staff have it down', async () => {
      const shop = await newShop(test, [{ price: 50_000, units: 5 }])
      const { order, buyer } = await paidOrder(test, shop)
      await complete(test, shop, { buyer, id: order.id })
      const ofLines = 'query Lines($id: ID!) { order(id: $id) { lines { id } } }'
      const { lines } = await buyer.client.ask<{ lines: { id: string }[] }>(ofLines, { id: order.id })
      const written = { orderLineId: lines[0]!.id, rating: 2, text: 'Pecah' }
      const { review } = await act<{ review: { id: string } }>(buyer.client, 'submitReview', {
        input: written,
        returns: 'review { id }',
      })
      await test.settle()
      const page = `query Page($id: ID!) { product(id: $id) { id reviews { edges { node { id text answer { text } } } } } }`
      const id = shop.goods[0]!.productId
      const shows = async (answer: object | null) => {
        const edges = [{ node: { id: review.id, text: written.text, answer } }]
        // Whatever the router keeps, it has by now.
        for (let time = 0; time < 3; time += 1) expect(await test.guest.ask(page, { id })).toEqual({ id, reviews: { edges } })
      }
      await shows(null)
      const answer = { text: 'Maaf, kami kirim lagi' }
      const input = { reviewId: review.id, ...answer }
      await act(shop.owner.client, 'answerReview', { input, returns: 'review { id }' })
      await test.settle()
      await shows(answer)
      const { client } = await newStaff(test, 'support')
      const down = { reviewId: review.id, reason: 'Tautan ke toko lain' }
      await act(client, 'takeDownReviewAnswer', { input: down, returns: 'review { id }' })
      await test.settle()
      await shows(null)
      await act(client, 'restoreReviewAnswer', { input: down, returns: 'review { id }' })
      await test.settle()
      await shows(answer)
    })
  })

  describe('what staff look into', () => {
    it('is written down with who, what and why, wherever in the market it is', async () => {
      const shop = await newShop(test, [{ price: 50_000, units: 5 }])
      const { order, bought } = await paidOrder(test, shop)
      const support = await newStaff(test, 'support')
      const reason = 'Tiket 4711'
      await support.client.ask('query Order($id: ID!, $reason: String) { order(id: $id, reason: $reason) { id } }', {
        id: order.id,
        reason,
      })
      await support.client.ask('query Payment($id: ID!, $reason: String) { payment(id: $id, reason: $reason) { id } }', {
        id: bought.paymentId,
        reason,
      })
      await ledgerOf(support)
      const seen = await auditOf({ actorId: support.accountId })
      expect(seen.map(({ domain }) => domain).toSorted()).toEqual(['orders', 'payments', 'payments'])
      expect(seen).toContainEqual(expect.objectContaining({ subjectId: order.id, reason, domain: 'orders' }))
      expect(seen).toContainEqual(expect.objectContaining({ subjectId: bought.paymentId, reason, domain: 'payments' }))
    })

    it('is closed to support where it is the admins’, and to everyone else', async () => {
      const support = await newStaff(test, 'support')
      const buyer = await newBuyer(test)
      for (const client of [support.client, buyer.client]) await expect(client.ask(auditQuery)).rejects.toThrow('FORBIDDEN')
      await expect(buyer.client.ask('query Sum { trialBalance { sum { amount } } }')).rejects.toThrow('FORBIDDEN')
      await expect(test.guest.ask('query Sum { trialBalance { sum { amount } } }')).rejects.toThrow('UNAUTHENTICATED')
    })
  })
})
