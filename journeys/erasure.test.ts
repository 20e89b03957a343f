import { inspect } from 'node:util'
import { loadExamples } from '@pasar/router/pages/examples'
import { marketExamples } from '@pasar/router/pages/pages'
import { acceptOrder } from '@pasar/scripts/demo/order-operations'
import { addToCart, register, signIn } from '@pasar/scripts/demo/shopping-operations'
import type { FleetMarket } from '@pasar/scripts/fleet/fleet-market'
import { domains, type Domain } from '@pasar/shared/domains'
import { newId } from '@pasar/shared/ids'
import type { Log } from '@pasar/shared/log'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { readSettings } from '@pasar/shared/process/settings'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { buy, click, complete, fillCart, ledgerOf, parcelOf, pay, scan, stateOf } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newBuyer, newShop, newStaff, password, returning, type Person, type TestShop } from './people.ts'
import { inBothWays } from './ways.ts'

/** In every text that such a buyer gives the market or is answered, but for the words of the review, which stay; and the numbers that the buyer gives. */
const canariesOf = (word: string) => [`kenari-${word}`, '81398761234', '81311112222', '81333334444']

/** Keeps everything that is logged, whatever a log would cut out of it. */
function openMemoryLog() {
  const lines: string[] = []
  const note = (details: object, message: string) => void lines.push(`${message} ${inspect(details, { depth: 10 })}`)
  const log: Log = { debug: note, info: note, warn: note, error: note }
  return { lines, log }
}

const eraseMe = `mutation EraseMe($input: EraseMeInput!) { eraseMe(input: $input) { __typename
  ... on AccountStillInUse { openOrders openCheckouts openRefunds openDisputes balance { amount } } } }`

const changePhone = `mutation ChangePhone($input: ChangeProfileInput!) { changeProfile(input: $input) { __typename } }`

interface Outcome {
  readonly __typename: string
}

const erase = ({ client }: Pick<Person, 'client'>, giveUpBalance?: number): Promise<Outcome> =>
  client.ask<Outcome>(eraseMe, { input: { password, giveUpBalance } })

/** The provider tells that the buyer's bank took a payment back. */
async function chargeBack({ market: { url }, remains: { keys } }: TestMarket, paymentId: string): Promise<void> {
  const { PAYMENT_SERVER_KEY: key } = readSettings({ ...keys })
  const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`
  const known = await fetch(`${url}/simulators/midtrans/v2/${paymentId}/status`, { headers: { authorization } })
  const told = { ...((await known.json()) as object), transaction_status: 'chargeback' }
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(`${url}/notifications/midtrans`, { method: 'POST', headers, body: JSON.stringify(told) })
  expect(status).toBe(200)
}

/** Where of all tables of the market one of some texts stands, as `domain.table`. */
async function placesOf({ remains }: TestMarket, texts: readonly string[]): Promise<string[]> {
  const inDomain = async (domain: Domain) => {
    const { pool, stop } = openPostgres({ url: remains.databases[domain].ownerUrl })
    const tables = await pool.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`)
    const patterns = texts.map((text) => `%${text}%`)
    const places: string[] = []
    for (const { name } of tables.rows) {
      const found = await pool.query(`SELECT 1 FROM "${name}" t WHERE t::text ILIKE ANY ($1) LIMIT 1`, [patterns])
      if (found.rows.length > 0) places.push(`${domain}.${name}`)
    }
    await stop()
    return places
  }
  return (await Promise.all(domains.map(inDomain))).flat().toSorted()
}

const sql = async ({ remains }: TestMarket, domain: Domain, [text, ...values]: readonly [string, ...unknown[]]) => {
  const { pool, stop } = openPostgres({ url: remains.databases[domain].url })
  const { rows } = await pool.query<Record<string, unknown>>(text, values)
  await stop()
  return rows
}

const hour = 3_600_000

inBothWays((way) => {
  const { lines, log } = openMemoryLog()
  let test: TestMarket
  let shop: TestShop
  let support: Person
  beforeAll(async () => {
    test = await openTestMarket({ way, log })
    shop = await newShop(test, [{ price: 90_000, units: 50 }])
    support = await newStaff(test, 'support')
  })
  afterAll(() => test.stop())

  const orderBy = async (buyer: Person & { readonly addressId: string }, changes: object = {}) => {
    const bought = await buy(test, buyer, click(await fillCart(buyer, [[shop.goods[0]!, 1]]), changes))
    await pay(test, bought)
    return { ...bought, id: bought.orders[0]!.id }
  }
  const on = async (who: Person, [field, id]: readonly [string, string], input: object = {}) => {
    await act(who.client, field, {
      input: { orderId: id, idempotencyKey: newId('movement'), ...input },
      returns: 'order { state }',
    })
    await test.settle()
  }
  const deliver = async (buyer: Person, id: string) => {
    await on(shop.owner, ['acceptOrder', id])
    await scan(test, (await parcelOf(buyer, id)).trackingNumber, ['picked', 'delivered'])
  }

  /** A buyer all of whose words and numbers can be looked for. */
  async function canaryBuyer(word: string) {
    const email = `kenari-${word}@journey.example`
    const session = await test.guest.ask(register, { input: { email, name: `Kenari-${word} Sembilu`, password } })
    const { account, tokens } = session as typeof session & { tokens: { refreshToken: string } }
    const client = test.guest.signedIn(tokens.access.token)
    await client.ask(changePhone, { input: { phone: '0813 9876 1234' } })
    const at = (number: number, phone: string) =>
      act<{ address: { id: string } }>(client, 'addAddress', {
        input: {
          label: `Sarang kenari-${word} ${number}`,
          recipient: `Kenari-${word} ${number}`,
          phone,
          street: `Jalan Kenari-${word} ${number}`,
          districtCode: '31.73.05',
          postalCode: '11530',
        },
        returns: 'address { id }',
      })
    const { address } = await at(1, '0813 1111 2222')
    await at(2, '0813 3333 4444')
    return { word, accountId: account.id, email, client, addressId: address.id, canaries: canariesOf(word) }
  }
  type Canary = Awaited<ReturnType<typeof canaryBuyer>>

  /** One order that was reviewed, and one that came back. */
  async function buysAndReturns(buyer: Canary) {
    const kept = await orderBy(buyer, { paymentMethod: 'CARD' })
    await complete(test, shop, { buyer, id: kept.id })
    const ofLines = 'query Lines($id: ID!) { order(id: $id) { lines { id } } }'
    const linesOf = async (id: string) => (await buyer.client.ask<{ lines: { id: string }[] }>(ofLines, { id })).lines
    const review = {
      orderLineId: (await linesOf(kept.id))[0]!.id,
      rating: 5,
      text: 'Wangi sekali',
      authorName: `Kenari-${buyer.word} K.`,
    }
    const written = await act<{ review: { id: string } }>(buyer.client, 'submitReview', {
      input: review,
      returns: 'review { id }',
    })
    const answer = { reviewId: written.review.id, text: `Terima kasih, Ibu Kenari-${buyer.word}` }
    await act(shop.owner.client, 'answerReview', { input: answer, returns: 'review { id }' })
    const told = { productId: shop.goods[0]!.productId, reason: 'OTHER', note: `Kemasan kenari-${buyer.word} lain dari fotonya` }
    await act(buyer.client, 'report', { input: told, returns: 'reportId' })
    const back = await orderBy(buyer, { paymentMethod: 'CARD' })
    await deliver(buyer, back.id)
    await on(buyer, ['requestReturn', back.id], {
      reason: 'DAMAGED',
      solution: 'RETURN_AND_REFUND',
      lines: [{ orderLineId: (await linesOf(back.id))[0]!.id, quantity: 1 }],
      note: `Gambar kenari-${buyer.word} di kemasannya robek`,
      evidence: [{ url: `https://example.com/kenari-${buyer.word}.jpg`, altText: `Kenari-${buyer.word} yang robek` }],
    })
    await on(shop.owner, ['answerReturn', back.id], { approve: true, note: `Baik, Ibu Kenari-${buyer.word}` })
    const wayBack = 'query Back($id: ID!) { order(id: $id) { shipments { direction trackingNumber } } }'
    type Shipments = { readonly shipments: readonly { readonly direction: string; readonly trackingNumber: string }[] }
    const { shipments } = await buyer.client.ask<Shipments>(wayBack, { id: back.id })
    await scan(test, shipments.find(({ direction }) => direction === 'RETURN')!.trackingNumber, ['delivered'])
    await on(shop.owner, ['receiveReturn', back.id], { accept: true, restock: true })
    await buyer.client.ask(addToCart, { input: { variantId: shop.goods[0]!.variantId, quantity: 1 } })
    return { kept, back }
  }

  const ofSeller = `query OfSeller($id: ID!) { order(id: $id) { state buyer { id displayName } lines { title } total { amount }
    address { name phone street districtCode } return { reason note evidence { url } } history { event note } } }`

  describe('a buyer who asks what is known', () => {
    it('reads all of it in one operation of the playground, by pages, and nobody else does', async () => {
      const buyer = await canaryBuyer('nol')
      await buysAndReturns(buyer)
      const { query } = loadExamples(marketExamples).find(({ name }) => name === '16-my-data')!
      const mine = JSON.stringify(await buyer.client.ask(query))
      const { word, email } = buyer
      const told = [email, `Kenari-${word} Sembilu`, '+6281398761234', ...[1, 2].map((n) => `Sarang kenari-${word} ${n}`)]
      const ofPlaces = [1, 2].flatMap((n) => [`Kenari-${word} ${n}`, `Jalan Kenari-${word} ${n}`])
      const ofReturn = [`Gambar kenari-${word}`, `https://example.com/kenari-${word}.jpg`, `Kenari-${word} yang robek`]
      const rest = [
        `Kemasan kenari-${word} lain dari fotonya`,
        `Baik, Ibu Kenari-${word}`,
        `Kenari-${word} K.`,
        'Wangi sekali',
        `Terima kasih, Ibu Kenari-${word}`,
        shop.goods[0]!.productId,
      ]
      for (const text of [...told, ...ofPlaces, ...ofReturn, ...rest]) expect(mine).toContain(text)
      const foreign = 'query Foreign($id: ID!) { user(id: $id) { reviews { edges { node { id } } } } }'
      expect(await support.client.ask(foreign, { id: buyer.accountId })).toEqual({ reviews: null })
      expect(await erase(buyer)).toMatchObject({ __typename: 'EraseMeSuccess' })
      await test.settle()
    })
  })

  describe('a buyer who is erased', () => {
    it('is nowhere in the market any more; what was bought and paid stays, without a name', async () => {
      const buyer = await canaryBuyer('satu')
      const { kept, back } = await buysAndReturns(buyer)
      const before = await placesOf(test, buyer.canaries)
      expect(before).toEqual([
        'logistics.shipment',
        'orders.order_history',
        'orders.order_return',
        'orders.outbox_event',
        'orders.saga',
        'orders.shop_order',
        'products.report',
        'products.review',
        'users.account',
        'users.address',
        'users.email_proof',
      ])
      const ledger = await ledgerOf(support)
      const { refreshToken } = await test.guest
        .ask<{ tokens: { access: { token: string }; refreshToken: string } }>(
          'mutation In($input: SignInInput!) { signIn(input: $input) { ... on SignInSuccess { tokens { access { token } refreshToken } } } }',
          { input: { email: buyer.email, password } },
        )
        .then(({ tokens }) => tokens)
      expect(await erase(buyer)).toMatchObject({ __typename: 'EraseMeSuccess' })
      await test.settle()
      expect(await placesOf(test, buyer.canaries)).toEqual([])
      expect(lines.filter((line) => buyer.canaries.some((canary) => line.toLowerCase().includes(canary)))).toEqual([])
      expect(await sql(test, 'carts', ['SELECT id FROM cart WHERE account_id = $1', buyer.accountId])).toEqual([])
      expect(await ledgerOf(support)).toEqual(ledger)
      for (const { id } of [kept, back]) {
        const seen = await shop.owner.client.ask<Record<string, unknown>>(ofSeller, { id })
        expect(seen).toMatchObject({
          buyer: { id: buyer.accountId, displayName: null },
          lines: [{ title: expect.stringContaining('Kopi') as string }],
          address: { name: null, phone: null, street: null, districtCode: '31.73.05' },
        })
      }
      expect(await shop.owner.client.ask(ofSeller, { id: back.id })).toMatchObject({
        state: 'CANCELLED',
        return: { reason: 'DAMAGED', note: null, evidence: [] },
      })
      const reviews = `query Reviews($id: ID!) { product(id: $id) {
        reviews { edges { node { text authorName author { id } answer { text } } } } } }`
      type Reviews = { readonly reviews: { readonly edges: readonly { readonly node: object }[] } }
      const { edges } = (await test.guest.ask<Reviews>(reviews, { id: shop.goods[0]!.productId })).reviews
      // Of this buyer, and of the one before.
      expect(edges.map(({ node }) => node)).toEqual(
        Array.from({ length: 2 }, () => ({ text: 'Wangi sekali', authorName: null, author: null, answer: null })),
      )
      await expect(buyer.client.ask('query Me { me { id } }')).rejects.toThrow('UNAUTHENTICATED')
      await expect(
        test.guest.ask(
          'mutation R($input: RefreshSessionInput!) { refreshSession(input: $input) { ... on Problem { code message } } }',
          { input: { refreshToken } },
        ),
      ).rejects.toThrow('SESSION_ENDED')
      await expect(test.guest.ask(signIn, { input: { email: buyer.email, password } })).rejects.toThrow('SIGN_IN_REFUSED')
      const anew = await test.guest.ask(register, { input: { email: buyer.email, name: 'Orang Baru', password } })
      expect(anew.account.id).not.toBe(buyer.accountId)
      const mine = 'query Mine { me { orders { edges { node { id } } } } }'
      expect(await test.guest.signedIn(anew.tokens.access.token).ask(mine)).toEqual({ orders: { edges: [] } })
    })

    it('is erased once, however often it is asked for at once', async () => {
      const buyer = await newBuyer(test)
      const asked = await Promise.allSettled([erase(buyer), erase(buyer), erase(buyer)])
      expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
      for (const one of asked) if (one.status === 'rejected') expect(String(one.reason)).toContain('UNAUTHENTICATED')
      const told = await sql(test, 'users', [
        `SELECT 1 FROM outbox_event WHERE type = 'AccountErased' AND aggregate_id = $1`,
        buyer.accountId,
      ])
      expect(told).toHaveLength(1)
    })
  })

  describe('an erasure waits', () => {
    it('for a checkout, an order, and money that the market still has', async () => {
      const buyer = await newBuyer(test)
      const none = { openOrders: 0, openCheckouts: 0, openRefunds: 0, openDisputes: 0, balance: { amount: 0 } }
      const bought = await buy(test, buyer, click(await fillCart(buyer, [[shop.goods[0]!, 1]])))
      const refused = { ...none, __typename: 'AccountStillInUse' }
      expect(await erase(buyer)).toEqual({ ...refused, openOrders: 1, openCheckouts: 1 })
      await pay(test, bought)
      expect(await erase(buyer)).toEqual({ ...refused, openOrders: 1 })
      await on(shop.owner, ['rejectOrder', bought.orders[0]!.id], { reason: 'OUT_OF_STOCK' })
      expect(await erase(buyer)).toEqual({ ...refused, balance: { amount: bought.total } })
      expect(await buyer.client.ask('query Me { me { name } }')).toEqual({ name: 'Dewi Lestari' })
      const ledger = await ledgerOf(support)
      expect(await erase(buyer, bought.total - 1)).toEqual({ ...refused, balance: { amount: bought.total } })
      expect(await erase(buyer, bought.total)).toMatchObject({ __typename: 'EraseMeSuccess' })
      await test.settle()
      expect(await ledgerOf(support)).toEqual(ledger)
    })

    if (way === 'in one process')
      it('for a bank that took the payment of a sold order back, until that is settled', async () => {
        const buyer = await canaryBuyer('empat')
        const { id, paymentId } = await orderBy(buyer, { paymentMethod: 'CARD' })
        await complete(test, shop, { buyer, id })
        await chargeBack(test, paymentId)
        await test.settle()
        expect(await erase(buyer)).toMatchObject({ __typename: 'AccountStillInUse', openDisputes: 1, openRefunds: 0 })
        expect(await shop.owner.client.ask(ofSeller, { id })).toMatchObject({ address: { name: 'Kenari-empat 1' } })
        await on(support, ['refundCompletedOrder', id], { note: 'Bank sudah mengembalikannya' })
        expect(await erase(buyer)).toMatchObject({ __typename: 'EraseMeSuccess' })
        await test.settle()
        expect(await placesOf(test, buyer.canaries)).toEqual([])
        await ledgerOf(support)
      })
  })

  describe('an order that slips in between', () => {
    it('goes on to its end with all that it needs, and is emptied then', async () => {
      const buyer = await canaryBuyer('dua')
      const { pool, stop } = openPostgres({ url: test.remains.databases.users.url, connectionsMax: 2 })
      const holder = await pool.connect()
      await holder.query('BEGIN')
      await holder.query('SELECT 1 FROM account WHERE id = $1 FOR NO KEY UPDATE', [buyer.accountId])
      const erasing = erase(buyer)
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      await vi.waitFor(async () => expect((await pool.query(waiting)).rows).toHaveLength(1), 10_000)
      const order = await orderBy(buyer)
      await holder.query('COMMIT')
      holder.release()
      await stop()
      expect(await erasing).toMatchObject({ __typename: 'EraseMeSuccess' })
      await test.settle()
      expect(await shop.owner.client.ask(ofSeller, { id: order.id })).toMatchObject({ address: { name: 'Kenari-dua 1' } })
      await shop.owner.client.ask(acceptOrder, { input: { orderId: order.id, idempotencyKey: newId('movement') } })
      await test.settle()
      const { trackingNumber } = await parcelOf(shop.owner, order.id)
      await scan(test, trackingNumber, ['picked', 'delivered'])
      test.clock.advance(10 * 24 * hour)
      await test.settle()
      shop = { ...shop, owner: await returning(test, shop.owner) }
      support = await returning(test, support)
      expect(await stateOf(shop.owner, order.id)).toMatchObject({ state: 'COMPLETED' })
      test.clock.advance(hour)
      await test.settle()
      expect(await placesOf(test, buyer.canaries)).toEqual([])
      await ledgerOf(await returning(test, support))
    })
  })

  if (way === 'as a fleet') {
    describe('a part of the market that is down', () => {
      const away = async (parts: readonly Domain[], work: () => Promise<void>) => {
        const fleet = test.market as FleetMarket
        for (const domain of parts) await fleet.kill(domain)
        try {
          await work()
        } finally {
          for (const domain of parts) await fleet.revive(domain)
        }
      }

      it.each(['orders', 'payments'] as const)('keeps the account as it is where it has to be asked: %s', async (domain) => {
        const buyer = await newBuyer(test)
        await away([domain], () => expect(erase(buyer)).rejects.toThrow('SERVICE_UNAVAILABLE'))
        await returning(test, buyer)
        expect(await erase(buyer)).toMatchObject({ __typename: 'EraseMeSuccess' })
      })

      it('forgets the buyer when it is back, where it only has to hear of it', async () => {
        shop = { ...shop, owner: await returning(test, shop.owner) }
        const buyer = await canaryBuyer('tiga')
        await buysAndReturns(buyer)
        await away(['carts', 'products', 'logistics'], async () => {
          expect(await erase(buyer)).toMatchObject({ __typename: 'EraseMeSuccess' })
        })
        await test.settle()
        expect(await placesOf(test, buyer.canaries)).toEqual([])
        expect(await sql(test, 'carts', ['SELECT id FROM cart WHERE account_id = $1', buyer.accountId])).toEqual([])
        await ledgerOf(await returning(test, support))
      })
    })
  }
})
