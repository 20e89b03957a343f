import { newId } from '@pasar/shared/ids'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cheap, hour, isReserved, one, onlyLeft, openSaleScene, pricesOf, regular, times } from './flash-sale-scene.ts'
import { act, checkoutId, confirm, makeProduct, release, startReplica, stockOf, untilWaiting, variantInput } from './support.ts'

let scene: Awaited<ReturnType<typeof openSaleScene>>
beforeAll(async () => {
  scene = await openSaleScene()
})
afterAll(() => scene.market.stop())

describe.each(['COUNTER', 'UNITS'] as const)('a flash sale of ten units, with a hundred on the shelf (by %s)', (mode) => {
  it('is sold to ten of fifty who come at once, at its price, and the others hear that nothing is left', async () => {
    const { market, shop, goods, startSale, buy, shelf } = scene
    const [hot, other] = [await goods(mode), await goods()]
    await startSale(hot, { units: 10 })
    // Whoever wants something else, too, goes by himself beside those who are served together.
    const wishes = times(50, (index) => ({ lines: index % 3 === 0 ? [one(hot), one(other)] : [one(hot)] }))
    const answers = await Promise.all(wishes.map(buy))
    const reserved = answers.filter(isReserved)
    expect(reserved.flatMap((answer) => pricesOf(answer, hot))).toEqual(times(10, () => cheap))
    expect(answers.filter((answer) => !isReserved(answer))).toEqual(times(40, () => onlyLeft(hot, 0)))
    expect(await stockOf(market, shop, hot)).toEqual([{ onHand: 100, reserved: 10 }])
    await market.settle()
    expect(await shelf(hot)).toEqual({ price: cheap, available: 90, remaining: 0 })
  })

  it('gives one account as many as it may, however many checkouts come at once', async () => {
    const { goods, startSale, buy } = scene
    const hot = await goods(mode)
    const others = [await goods(), await goods(), await goods()]
    await startSale(hot, { units: 10, unitsPerBuyer: 2 })
    const buyerId = newId('account')
    const lines = (index: number) => (index < 3 ? [one(hot), one(others[index]!)] : [one(hot)])
    const answers = await Promise.all(times(8, (index) => buy({ buyerId, lines: lines(index) })))
    expect(answers.filter(isReserved)).toHaveLength(2)
    expect(await buy({ buyerId, lines: [one(hot)] })).toEqual(onlyLeft(hot, 0))
    expect(await buy({ lines: [one(hot, 3)] })).toEqual(onlyLeft(hot, 2))
    expect(await buy({ lines: [one(hot, 2)] })).toMatchObject({ __typename: 'ProductsReserved' })
    expect(await buy({ buyerId: null, lines: [one(hot)] })).toEqual(onlyLeft(hot, 0))
  })

  it('gets what is not paid back once, and sells it to whoever comes then', async () => {
    const { market, goods, startSale, buy, shelf, countsOf } = scene
    const hot = await goods(mode)
    const saleId = await startSale(hot, { units: 10, unitsPerBuyer: 6 })
    const [released, forgotten, buyerId] = [checkoutId(), checkoutId(), newId('account')]
    await buy({ id: released, lines: [one(hot, 4)] })
    await buy({ id: forgotten, buyerId, lines: [one(hot, 6)] })
    expect(await shelf(hot)).toMatchObject({ remaining: 0 })
    await Promise.all([release(market, released), release(market, released)])
    expect(await shelf(hot)).toMatchObject({ remaining: 4 })
    const replica = await startReplica(market)
    market.clock.advance(hour)
    await Promise.all([market.subgraph.work(), replica.work(), release(market, forgotten)])
    await replica.stop()
    await market.settle()
    expect(await countsOf(saleId)).toEqual({ state: 'RUNNING', taken: 0, sold: 0 })
    expect(await buy({ buyerId, lines: [one(hot, 6)] })).toMatchObject({ __typename: 'ProductsReserved' })
    expect(await shelf(hot)).toMatchObject({ remaining: 4, available: 94 })
  })

  it('takes nothing where its units cannot be written down, and all of it once when the same checkout comes again', async () => {
    const { market, shop, goods, startSale, buy, countsOf } = scene
    const hot = await goods(mode)
    const saleId = await startSale(hot, { units: 10 })
    const owner = new pg.Client({ connectionString: market.ownerUrl })
    await owner.connect()
    await owner.query('ALTER TABLE flash_sale_claim ADD CONSTRAINT broken CHECK (quantity < 0) NOT VALID')
    const wish = { id: checkoutId(), lines: [one(hot, 10)] }
    await expect(buy(wish)).rejects.toThrow()
    await owner.query('ALTER TABLE flash_sale_claim DROP CONSTRAINT broken')
    await owner.end()
    expect(await stockOf(market, shop, hot)).toEqual([{ onHand: 100, reserved: 0 }])
    expect(await countsOf(saleId)).toMatchObject({ taken: 0 })
    const answers = [await buy(wish), await buy(wish)]
    expect(answers[0]).toMatchObject({ __typename: 'ProductsReserved' })
    expect(answers[1]).toEqual(answers[0])
    expect(await countsOf(saleId)).toMatchObject({ taken: 10 })
  })
})

describe('a flash sale with a number of units', () => {
  it('tells who has bought of it how many more this buyer can have, and others how many they can', async () => {
    const { market, goods, startSale, buy } = scene
    const hot = await goods()
    await startSale(hot, { units: 10, unitsPerBuyer: 3 })
    const [loyal, other] = [newId('account'), newId('account')]
    await buy({ buyerId: loyal, lines: [one(hot, 2)] })
    const look = async (buyerIds?: readonly string[]) => {
      const query = 'query ($input: ProductsShortInput!) { productsShort(input: $input) { available inFlashSale buyerId } }'
      const input = { lines: [one(hot, 4)], ...(buyerIds && { buyerIds }) }
      return (await market.executeAsOrders({ query, variables: { input } })).data!['productsShort']
    }
    const left = (available: number, buyerId: string | null) => ({ available, inFlashSale: true, buyerId })
    for (const [buyerId, available] of [
      [loyal, 1],
      [other, 3],
    ] as const)
      expect(await buy({ buyerId, lines: [one(hot, 4)] })).toEqual(onlyLeft(hot, available))
    expect(await look([loyal, other])).toEqual([left(1, loyal), left(3, other)])
    expect(await look()).toEqual([left(3, null)])
    for (const quantity of [3, 3, 2]) await buy({ lines: [one(hot, quantity)] })
    expect(await look([loyal, other])).toEqual([left(0, null)])
  })

  it('is over when all of them are paid: the price is the one of before, and everybody is told', async () => {
    const { market, goods, startSale, buy, shelf, countsOf } = scene
    const hot = await goods()
    const saleId = await startSale(hot, { units: 2 })
    const [first, second] = [checkoutId(), checkoutId()]
    for (const id of [first, second]) await buy({ id, lines: [one(hot)] })
    await confirm(market, first)
    await market.settle()
    expect(await shelf(hot)).toMatchObject({ price: cheap, remaining: 0 })
    await Promise.all([confirm(market, second), confirm(market, second)])
    await market.settle()
    expect(await countsOf(saleId)).toEqual({ state: 'ENDED', taken: 2, sold: 2 })
    expect(await shelf(hot)).toEqual({ price: regular, available: 98, remaining: undefined })
    const told = market.published.findLast(({ aggregateId, type }) => aggregateId === hot && type === 'ListingChanged')
    expect(told?.payload).toMatchObject({ price: regular })
    expect(pricesOf(await buy({ lines: [one(hot, 50)] }), hot)).toEqual([regular])
  })

  it.each(['ends', 'is called off'])('that %s keeps its price for who has reserved, and counts what they do', async (how) => {
    const { market, shop, goods, startSale, buy, shelf, countsOf, pass } = scene
    const hot = await goods()
    const saleId = await startSale(hot, { units: 10, unitsPerBuyer: 5 })
    await pass(1.5)
    const [pays, forgets] = [checkoutId(), checkoutId()]
    for (const id of [pays, forgets]) await buy({ id, lines: [one(hot, 5)] })
    if (how === 'is called off') await act(market, shop.seller, ['cancelFlashSale', { flashSaleId: saleId }])
    await pass(0.5)
    await confirm(market, pays)
    await pass(1)
    expect(await countsOf(saleId)).toEqual({ state: how === 'ends' ? 'ENDED' : 'CANCELLED', taken: 5, sold: 5 })
    expect(await shelf(hot)).toEqual({ price: regular, available: 95, remaining: undefined })
  })

  it('that ends while somebody reserves sells nothing more: they pay the price of after it', async () => {
    const { market, goods, startSale, buy, countsOf } = scene
    const hot = await goods()
    const saleId = await startSale(hot, { units: 10 })
    await market.database.query('BEGIN')
    await market.database.query(`UPDATE flash_sale SET state = 'ENDED', turns_at = NULL WHERE id = $1`, [saleId])
    await market.database.query(`UPDATE variant SET price = $2 WHERE id = $1`, [hot, regular])
    const late = buy({ lines: [one(hot)] })
    await untilWaiting(market, 1)
    await market.database.query('COMMIT')
    expect(pricesOf(await late, hot)).toEqual([regular])
    expect(await countsOf(saleId)).toMatchObject({ taken: 0 })
  })

  it('is taken with all else that a checkout wants or not at all, also where that asks several times at once', async () => {
    const { market, shop, goods, startSale, buy, countsOf } = scene
    const [hot, other, third] = [await goods(), await goods(), await goods()]
    const saleId = await startSale(hot, { units: 10 })
    const wish = { id: checkoutId(), buyerId: newId('account'), lines: [one(hot), one(other)] }
    await market.database.query('BEGIN')
    await market.database.query('SELECT FROM flash_sale WHERE id = $1 FOR UPDATE', [saleId])
    const first = buy(wish)
    await untilWaiting(market, 1)
    const again = [buy(wish), buy(wish)]
    // Whoever comes behind them has been served when they have seen the shelves.
    await buy({ lines: [one(third)] })
    await market.database.query('UPDATE stock SET on_hand = 0 WHERE variant_id = $1', [other])
    await market.database.query('COMMIT')
    const answers = await Promise.all([first, ...again])
    expect(answers.map((answer) => answer['__typename'])).toEqual(times(3, () => 'ProductsOutOfStock'))
    expect(await stockOf(market, shop, hot)).toEqual([{ onHand: 100, reserved: 0 }])
    expect(await countsOf(saleId)).toMatchObject({ taken: 0 })
  })

  it('of a bundle counts bundles, and what is sold of its parts takes nothing of it', async () => {
    const { market, shop, goods, startSale, buy, countsOf } = scene
    const part = await goods()
    const variants = [variantInput({ price: regular })]
    const [basket] = (await makeProduct(market, shop, { variants, units: 0 })).variantIds
    await act(market, shop.seller, ['setBundle', { variantId: basket, components: [one(part, 3)] }])
    const saleId = await startSale(basket!, { units: 2 })
    const answers = await Promise.all(times(4, () => buy({ lines: [one(basket!)] })))
    expect(answers.filter(isReserved)).toHaveLength(2)
    await buy({ lines: [one(part)] })
    expect(await countsOf(saleId)).toMatchObject({ taken: 2 })
    expect(await stockOf(market, shop, part)).toEqual([{ onHand: 100, reserved: 7 }])
  })

  it.each([
    ['is paid', (id: string) => confirm(scene.market, id)],
    ['is given back', (id: string) => release(scene.market, id)],
    ['runs out', () => scene.market.subgraph.work()],
  ])('is locked before the shelf where a checkout %s, as where one reserves: neither waits for the other', async (_, settle) => {
    const { market, goods, startSale, buy } = scene
    const hot = await goods()
    const saleId = await startSale(hot, { units: 10 })
    const id = checkoutId()
    await buy({ id, lines: [one(hot)] })
    market.clock.advance(hour)
    const other = new pg.Client({ connectionString: market.databaseUrl })
    await other.connect()
    await market.database.query('BEGIN')
    await market.database.query('SELECT FROM stock WHERE variant_id = $1 FOR UPDATE', [hot])
    const settled = settle(id)
    await untilWaiting(market, 1)
    const seen = await other.query('SELECT id FROM flash_sale WHERE id = $1 FOR UPDATE SKIP LOCKED', [saleId])
    await market.database.query('COMMIT')
    await settled
    await other.end()
    expect(seen.rows).toEqual([])
  })

  it.each([
    ['began at once', false],
    ['has named its beginning', true],
  ])('that %s does not begin once more where it is sent again with its key after all its units were sold', async (_, named) => {
    const { market, shop, goods, buy, shelf, rows, pass } = scene
    const hot = await goods()
    const now = market.clock.now()
    const terms = { variantId: hot, price: cheap, endsAt: new Date(now.getTime() + 2 * hour).toISOString(), units: 1 }
    const input = { ...terms, ...(named && { startsAt: now.toISOString() }), idempotencyKey: newId('movement') }
    const send = (change: object = {}, as = shop.seller) =>
      act(market, as, [
        'scheduleFlashSale',
        { ...input, ...change },
        '... on ScheduleFlashSaleSuccess { flashSale { id state } } ... on Problem { code }',
      ])
    const first = await send()
    await market.settle()
    const id = checkoutId()
    await buy({ id, lines: [one(hot)] })
    await confirm(market, id)
    await pass(1)
    expect(await send()).toEqual({ ...first, flashSale: { ...(first['flashSale'] as object), state: 'ENDED' } })
    expect(await send({ units: 2 })).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    await market.settle()
    expect(await shelf(hot)).toMatchObject({ price: regular })
    expect(await rows('SELECT id FROM flash_sale WHERE variant_id = $1', hot)).toHaveLength(1)
    expect(await send({}, { ...shop.seller, shopIds: [] })).toMatchObject({ code: 'VARIANT_NOT_FOUND' })
  })

  it('and another one are taken of together, or neither', async () => {
    const { goods, startSale, buy, countsOf } = scene
    const [red, blue] = [await goods(), await goods()]
    const sales = [await startSale(red, { units: 3 }), await startSale(blue, { units: 2 })]
    const lines = (index: number) => (index % 2 ? [one(red), one(blue)] : [one(blue), one(red)])
    const answers = await Promise.all(times(6, (index) => buy({ lines: lines(index) })))
    expect(answers.filter(isReserved)).toHaveLength(2)
    expect(answers.filter((answer) => !isReserved(answer))).toEqual(times(4, () => onlyLeft(blue, 0)))
    expect(await Promise.all(sales.map(countsOf))).toMatchObject([{ taken: 2 }, { taken: 2 }])
  })

  it.each([
    ['no unit', { units: 0 }, 'units'],
    ['none for each buyer', { unitsPerBuyer: 0 }, 'unitsPerBuyer'],
    ['more for each buyer than a cart holds', { unitsPerBuyer: 1_000 }, 'unitsPerBuyer'],
  ])('is refused with %s', async (_, limits, field) => {
    const { market, shop, goods } = scene
    const endsAt = new Date(market.clock.now().getTime() + hour).toISOString()
    const { errors } = await market.execute({
      query: `mutation ($input: ScheduleFlashSaleInput!) { scheduleFlashSale(input: $input) { __typename } }`,
      variables: { input: { variantId: await goods(), price: cheap, endsAt, ...limits } },
      as: shop.seller,
    })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })
})
