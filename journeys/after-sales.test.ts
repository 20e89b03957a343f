import { orderUpdated } from '@pasar/scripts/demo/order-operations'
import type { Bus } from '@pasar/shared/events/bus'
import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boughtUnits, type AfterSale, type Bought } from './aftermath.ts'
import { availableOf, ledgerOf } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newShop, newStaff, type TestShop } from './people.ts'
import { inBothWays } from './ways.ts'

inBothWays((way) => {
  let test: TestMarket
  let shop: TestShop
  beforeAll(async () => {
    test = await openTestMarket({ way, throughBus: slowPost })
  })
  afterAll(() => test.stop())

  /** What logistics has to say while that does not get through. */
  const post: { waiting?: (() => Promise<void>)[] | undefined } = {}
  const slowPost = (bus: Bus): Bus => ({
    ...bus,
    publish: async (domain, events) => {
      if (domain === 'logistics' && post.waiting) post.waiting.push(() => bus.publish(domain, events))
      else await bus.publish(domain, events)
    },
  })
  /** Does something while nobody hears what logistics says; then all of it is heard, in its order. */
  const whileUnheard = async (work: () => Promise<void>) => {
    const kept: (() => Promise<void>)[] = []
    post.waiting = kept
    await work()
    post.waiting = undefined
    for (const deliver of kept) await deliver()
    await test.settle()
  }

  const hour = 3_600_000
  const open = async (units: number): Promise<Bought> => {
    shop = await newShop(test, [{ price: 90_000, units: 10 }])
    return boughtUnits(test, shop, units)
  }
  const shelf = () => availableOf(test, shop.goods[0]!)
  const refundsOf = ({ refunds }: Pick<AfterSale, 'refunds'>) => refunds.edges.map(({ node }) => [node.amount.amount, node.state])
  /** What is in escrow over the whole market, and whether the ledger balances. */
  const escrow = async () => (await ledgerOf(await newStaff(test, 'admin')))['ESCROW'] ?? 0
  const earned = async () => {
    const text = `query Earned { me { shops { balance { available { amount } held { amount } } } } }`
    const me = await shop.owner.client.ask<{ shops: { balance: { available: { amount: number }; held: { amount: number } } }[] }>(
      text,
    )
    return me.shops[0]!.balance
  }

  describe('a seller who can send only a part', () => {
    it('gives the rest back at once, to the rupiah and the unit, and is paid for what is sent', async () => {
      const order = await open(3)
      const [line] = (await order.read()).lines
      await order.bySeller('cancelLines', {
        lines: [{ orderLineId: line!.id, quantity: 2 }],
        reason: 'OUT_OF_STOCK',
        note: 'Sisa satu',
      })
      const after = await order.read()
      expect(after).toMatchObject({ state: 'PAID', refunded: { amount: 180_000 }, lines: [{ quantityLeft: 1 }] })
      expect(after.refunds.edges).toMatchObject([
        {
          node: {
            state: 'COMPLETED',
            reason: 'LINES_CANCELLED',
            amount: { amount: 180_000 },
            lines: [{ quantity: 2, amount: { amount: 180_000 } }],
          },
        },
      ])
      expect(refundsOf(await order.refundsOfPayment())).toEqual([[180_000, 'COMPLETED']])
      expect(after.history.at(-1)).toEqual({ event: 'REFUNDED' })
      expect([await shelf(), (await earned()).held.amount]).toEqual([9, 90_000])
      await order.bySeller('acceptOrder')
      await order.outbound('picked', 'delivered')
      await order.byBuyer('confirmReceipt')
      expect(await escrow()).toBe(0)
      const { available, held } = await earned()
      expect([available.amount > 0 && available.amount <= 90_000, held.amount]).toEqual([true, 0])
      expect(await shelf()).toBe(9)
    })
  })

  describe('an order that was accepted', () => {
    it('is cancelled at the buyer’s wish: the courier stops the parcel, the money and the goods come back', async () => {
      const order = await open(2)
      await order.bySeller('acceptOrder')
      const live = await test.follow(order.buyer.client, orderUpdated, { orderId: order.id })
      await order.byBuyer('requestCancel', { note: 'Salah ukuran' })
      await order.bySeller('answerCancelRequest', { grant: true })
      expect(await order.read()).toMatchObject({ state: 'CANCELLED', endReason: 'CANCELLED_BY_BUYER' })
      expect(refundsOf(await order.read())).toEqual([[order.bought.total, 'COMPLETED']])
      await live.waitFor('the refund', ({ event }) => event === 'REFUNDED')
      expect(live.frames.map(({ event }) => event)).toEqual(['CANCEL_REQUESTED', 'CANCELLING', 'CANCELLED', 'REFUNDED'])
      expect([await shelf(), await escrow()]).toEqual([10, 0])
    })

    it('is not cancelled any more when the courier has fetched it: the buyer gets the goods, and the seller the money', async () => {
      const order = await open(2)
      const support = await newStaff(test, 'support')
      await order.bySeller('acceptOrder')
      // The driver has it, and the market has not heard of that yet.
      const { trackingNumber } = (await order.read()).shipments[0]!
      await test.simulators.advance(trackingNumber, 'picked')
      const input = { orderId: order.id, note: 'Penipuan?', idempotencyKey: newId('movement') }
      await act(support.client, 'cancelOrder', { input, returns: 'order { state }' })
      await test.settle()
      expect(await order.read()).toMatchObject({ state: 'SHIPPED', endReason: null, refunded: { amount: 0 } })
      await order.outbound('delivered')
      await order.byBuyer('confirmReceipt')
      expect([await shelf(), await escrow(), refundsOf(await order.read())]).toEqual([8, 0, []])
    })
  })

  describe('a parcel', () => {
    it('that comes back gives money and goods back, once', async () => {
      const order = await open(2)
      await order.bySeller('acceptOrder')
      await order.outbound('picked', 'return_in_transit', 'returned')
      expect(await order.read()).toMatchObject({ state: 'CANCELLED', endReason: 'PARCEL_CAME_BACK' })
      expect([refundsOf(await order.read()), await shelf(), await escrow()]).toEqual([[[order.bought.total, 'COMPLETED']], 10, 0])
    })

    it('that is lost gives the money back, and the courier owes for it', async () => {
      const order = await open(2)
      await order.bySeller('acceptOrder')
      await order.outbound('picked', 'lost')
      expect(await order.read()).toMatchObject({ state: 'CANCELLED', endReason: 'PARCEL_LOST' })
      expect([await shelf(), await escrow()]).toEqual([8, 0])
      expect((await order.read(shop.owner)).shipments[0]!.courierClaim).toEqual({ amount: { amount: order.bought.total } })
      expect((await order.read()).shipments[0]!.courierClaim).toBeNull()
      const query = `query Owed { courierDues(filter: { kind: LOST_PARCEL }, first: 100, reason: "Klaim") { edges { node { order { id } owedBy amount { amount } } } } }`
      const { edges } = await (await newStaff(test, 'support')).client.ask<{ edges: { node: object }[] }>(query)
      const due = { order: { id: order.id }, owedBy: 'COURIER', amount: { amount: order.bought.total } }
      expect(edges.map(({ node }) => node)).toContainEqual(due)
      expect((await earned()).available.amount).toBe(180_000)
    })
  })

  describe('a parcel that had less in it than was sold', () => {
    it('is worth what was in it when it is lost, to seller and courier', async () => {
      const order = await open(3)
      await order.bySeller('acceptOrder')
      const [line] = (await order.read()).lines
      await order.bySeller('cancelLines', { lines: [{ orderLineId: line!.id, quantity: 2 }], reason: 'OUT_OF_STOCK' })
      await order.outbound('picked', 'lost')
      expect((await earned()).available.amount).toBe(90_000)
      const owed = (await order.read(shop.owner)).shipments[0]!.courierClaim!.amount.amount
      expect(owed).toBe(order.bought.total - 180_000)
      expect([await shelf(), await escrow()]).toEqual([9, 0])
    })
  })

  /** A delivered order of three units. */
  const delivered = async () => {
    const order = await open(3)
    await order.bySeller('acceptOrder')
    await order.outbound('picked', 'delivered')
    return order
  }
  const wish = async (order: Bought, quantity: number, change: object = {}) => ({
    reason: 'DAMAGED',
    solution: 'RETURN_AND_REFUND',
    lines: [{ orderLineId: (await order.read()).lines[0]!.id, quantity }],
    note: 'Kemasannya robek',
    evidence: [{ url: 'https://example.com/robek.jpg', altText: 'Kemasan yang robek' }],
    ...change,
  })

  describe('a return', () => {
    it('of a part goes its whole way, every step live, and splits the money to the rupiah', async () => {
      const order = await delivered()
      const live = await test.follow(order.buyer.client, orderUpdated, { orderId: order.id })
      await order.byBuyer('requestReturn', await wish(order, 1))
      await order.bySeller('answerReturn', { approve: true })
      const back = (await order.read()).shipments.find(({ direction }) => direction === 'RETURN')!
      const pickup = { input: { shipmentId: back.id, idempotencyKey: newId('movement') }, returns: 'shipment { id }' }
      await act(order.buyer.client, 'requestPickup', pickup)
      await order.scan(back.trackingNumber, 'picked', 'dropping_off', 'delivered')
      expect([(await order.read()).state, (await escrow()) > 0]).toEqual(['RETURN_ARRIVED', true])
      await order.bySeller('receiveReturn', { accept: true, restock: true })
      await live.waitFor('the refund', ({ event }) => event === 'REFUNDED')
      expect(live.frames.map(({ event }) => event)).toEqual([
        'RETURN_REQUESTED',
        'RETURN_APPROVED',
        'RETURN_BOOKED',
        'RETURN_SENT',
        'RETURN_ARRIVED',
        'COMPLETED',
        'REFUNDED',
      ])
      expect([refundsOf(await order.read()), await shelf(), await escrow()]).toEqual([[[90_000, 'COMPLETED']], 8, 0])
      const { available } = await earned()
      expect(available.amount > 90_000 && available.amount <= 180_000).toBe(true)
    })

    it('of everything ends the order with all of its money', async () => {
      const order = await delivered()
      await order.byBuyer('requestReturn', await wish(order, 3))
      await order.bySeller('answerReturn', { approve: true })
      const back = (await order.read()).shipments.find(({ direction }) => direction === 'RETURN')!
      await order.scan(back.trackingNumber, 'delivered')
      await order.bySeller('receiveReturn', { accept: true, restock: false })
      expect(await order.read()).toMatchObject({ state: 'CANCELLED', endReason: 'RETURNED' })
      expect([refundsOf(await order.read()), await shelf(), await escrow()]).toEqual([[[order.bought.total, 'COMPLETED']], 7, 0])
    })

    it('that the courier gives up in its hands is lost: the buyer is refunded, and the seller has the goods’ worth once', async () => {
      const order = await delivered()
      await order.byBuyer('requestReturn', await wish(order, 1))
      await order.bySeller('answerReturn', { approve: true })
      const back = (await order.read()).shipments.find(({ direction }) => direction === 'RETURN')!
      const before = (await earned()).available.amount
      await order.scan(back.trackingNumber, 'picked', 'on_hold', 'cancelled')
      const { state, history } = await order.read()
      expect([state, history.map(({ event }) => event)]).toEqual(['COMPLETED', expect.not.arrayContaining(['MEDIATION_ASKED'])])
      expect([refundsOf(await order.read()), await shelf(), await escrow()]).toEqual([[[90_000, 'COMPLETED']], 7, 0])
      // The worth of the unit that is lost, and the two that the buyer keeps less the market's fee.
      const got = (await earned()).available.amount - before
      expect(got > 180_000 && got <= 270_000).toBe(true)
    })

    it('that everybody forgets is settled by its deadlines: agreed to, not sent back, finished', async () => {
      const order = await delivered()
      await order.byBuyer('requestReturn', await wish(order, 1))
      await order.wait(48 * hour + 1_000)
      expect((await order.read()).state).toBe('RETURN_APPROVED')
      const back = (await order.read()).shipments.find(({ direction }) => direction === 'RETURN')!
      await order.wait(120 * hour + 1_000)
      expect((await order.read()).state).toBe('COMPLETED')
      const text = `query Parcel($id: ID!) { shipment(id: $id) { status } }`
      expect(await order.buyer.client.ask(text, { id: back.id })).toEqual({ status: 'CANCELLED' })
      expect([refundsOf(await order.read()), await escrow()]).toEqual([[], 0])
    })

    it.each([
      ['its buyer wanted fetched', 'buyer'],
      ['its courier said by itself that it fetches', 'courier'],
    ])('that %s, and for which no courier came, is for staff to decide', async (_, who) => {
      const order = await delivered()
      await order.byBuyer('requestReturn', await wish(order, 1))
      await order.bySeller('answerReturn', { approve: true })
      const back = (await order.read()).shipments.find(({ direction }) => direction === 'RETURN')!
      const pickup = { input: { shipmentId: back.id, idempotencyKey: newId('movement') }, returns: 'shipment { id }' }
      if (who === 'buyer') await act(order.buyer.client, 'requestPickup', pickup)
      else await order.scan(back.trackingNumber, 'allocated')
      await test.settle()
      await order.wait(120 * hour + 1_000)
      const text = `query Parcel($id: ID!) { shipment(id: $id) { status } }`
      expect(await order.buyer.client.ask(text, { id: back.id })).toEqual({ status: 'CANCELLED' })
      expect([(await order.read()).state, refundsOf(await order.read()), (await escrow()) > 0]).toEqual(['MEDIATION', [], true])
      const input = { orderId: order.id, decision: 'REFUND', note: 'Kurir tidak datang', idempotencyKey: newId('movement') }
      await act((await newStaff(test, 'support')).client, 'mediateReturn', { input, returns: 'order { state }' })
      await test.settle()
      expect([refundsOf(await order.read()), await escrow()]).toEqual([[[90_000, 'COMPLETED']], 0])
    })

    // A fleet has settled when all is heard that was published.
    if (way === 'in one process') {
      it.each([
        ['goes before staff', 'MEDIATION', [[90_000, 'COMPLETED']], async () => undefined],
        ['is over where its buyer keeps the goods', 'COMPLETED', [], (order: Bought) => order.byBuyer('withdrawReturn')],
      ])('that its courier cancels by itself %s, also where that is heard of too late', async (...[, state, back, before]) => {
        const order = await delivered()
        await order.byBuyer('requestReturn', await wish(order, 1))
        await order.bySeller('answerReturn', { approve: true })
        const parcel = (await order.read()).shipments.find(({ direction }) => direction === 'RETURN')!
        await order.wait(108 * hour)
        await whileUnheard(async () => {
          await order.scan(parcel.trackingNumber, 'cancelled')
          await before(order)
          await order.wait(12 * hour + 1_000)
        })
        expect([(await order.read()).state, refundsOf(await order.read())]).toEqual([state, []])
        await order.wait(168 * hour + 1_000)
        expect([refundsOf(await order.read()), await escrow()]).toEqual([back, 0])
      })
    }

    it('that its buyer wants fetched when the time to send it is all but over is as one that is not sent', async () => {
      const order = await delivered()
      await order.byBuyer('requestReturn', await wish(order, 1))
      await order.bySeller('answerReturn', { approve: true })
      const back = (await order.read()).shipments.find(({ direction }) => direction === 'RETURN')!
      await order.wait(119 * hour)
      const pickup = { input: { shipmentId: back.id, idempotencyKey: newId('movement') }, returns: 'shipment { id }' }
      await act(order.buyer.client, 'requestPickup', pickup)
      await test.settle()
      await order.wait(hour + 1_000)
      expect((await order.read()).state).toBe('COMPLETED')
      await order.wait(168 * hour + 1_000)
      expect([refundsOf(await order.read()), await escrow()]).toEqual([[], 0])
    })

    it('that the two do not agree about is decided by staff, who leave a trace', async () => {
      const order = await delivered()
      const support = await newStaff(test, 'support')
      const admin = await newStaff(test, 'admin')
      await order.byBuyer('requestReturn', await wish(order, 1, { solution: 'REFUND_ONLY' }))
      await order.bySeller('answerReturn', { approve: false, note: 'Sudah robek di kurir' })
      await order.byBuyer('escalateReturn', { note: 'Lihat fotonya' })
      const queue = `query Queue { ordersInMediation(reason: "antrean") { edges { node { id return { note evidence { altText } claim { amount } } } } } }`
      const { edges } = await support.client.ask<{ edges: { node: { id: string } }[] }>(queue)
      expect(edges.map(({ node }) => node)).toContainEqual({
        id: order.id,
        return: { note: 'Kemasannya robek', evidence: [{ altText: 'Kemasan yang robek' }], claim: { amount: 90_000 } },
      })
      const input = {
        orderId: order.id,
        decision: 'REFUND',
        amount: 30_000,
        note: 'Robek sebagian',
        idempotencyKey: newId('movement'),
      }
      await act(support.client, 'mediateReturn', { input, returns: 'order { state }' })
      await test.settle()
      expect([(await order.read()).state, refundsOf(await order.read())]).toEqual(['COMPLETED', [[30_000, 'COMPLETED']]])
      expect([await escrow(), await shelf()]).toEqual([0, 7])
      const audit = `query Audit($filter: AuditFilter) { auditLog(filter: $filter) { edges { node { actor { id } action reason } } } }`
      const log = await admin.client.ask<{ edges: { node: object }[] }>(audit, { filter: { subjectId: order.id } })
      expect(log.edges.map(({ node }) => node)).toContainEqual({
        actor: { id: support.accountId },
        action: 'order.mediateReturn',
        reason: 'Robek sebagian',
      })
    })

    it('that was wrong after all is paid back by the seller, whose shop has the money already', async () => {
      const order = await open(1)
      const support = await newStaff(test, 'support')
      await order.bySeller('acceptOrder')
      await order.outbound('picked', 'delivered')
      await order.byBuyer('confirmReceipt')
      const query = `query Owed { me { shops { balance { available { amount } owed { amount } } } } }`
      type Owed = { shops: { balance: { available: { amount: number }; owed: { amount: number } } }[] }
      const balance = async () => (await shop.owner.client.ask<Owed>(query)).shops[0]!.balance
      expect((await balance()).available.amount).toBeGreaterThan(0)
      const input = { orderId: order.id, note: 'Terbukti tiruan', idempotencyKey: newId('movement') }
      await act(support.client, 'refundCompletedOrder', { input, returns: 'order { state }' })
      await test.settle()
      const { refunded } = await order.read()
      expect(refundsOf(await order.read())).toEqual([[refunded.amount, 'COMPLETED']])
      // The shipping, which the courier has earned, is the seller's loss.
      const after = await balance()
      expect([after.available.amount, after.owed.amount > 0, await escrow()]).toEqual([0, true, 0])
      const books = `query Books { invariants(reason: "sesudahnya") { holds } }`
      expect((await support.client.ask<{ holds: boolean }>(books)).holds).toBe(true)
    })
  })
})
