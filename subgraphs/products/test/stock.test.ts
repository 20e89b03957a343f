import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  act,
  checkoutId,
  confirm,
  makeDraft,
  makeProduct as makeCounted,
  makeShop,
  read,
  receive,
  release,
  reserve,
  startMarket,
  stockOf,
  text,
  variantInput,
  type TestMarket,
  type TestShop,
} from './support.ts'

let market: TestMarket
let shop: TestShop

beforeAll(async () => {
  market = await startMarket()
  shop = await makeShop(market)
})

afterAll(() => market.stop())

const one = (variantId: string | undefined, quantity = 1) => [{ variantId: variantId!, quantity }]

describe('a stock adjustment', () => {
  const adjust = (changes: Record<string, unknown>) =>
    act(market, shop.seller, [
      'adjustStock',
      { warehouseId: shop.warehouseIds[0], reason: 'COUNTED', idempotencyKey: newId('movement'), ...changes },
      '... on AdjustStockSuccess { onHand variant { available } } ... on StockTooLow { onHand reserved } ... on IdempotencyKeyReused { code }',
    ])

  it('changes the stock once, however often it is sent', async () => {
    const { variantIds } = await makeCounted(market, shop, { units: 5 })
    const input = { variantId: variantIds[0], delta: 3, idempotencyKey: newId('movement') }
    const results = await Promise.all([adjust(input), adjust(input), adjust(input)])
    expect(results.map(({ onHand }) => onHand)).toEqual([8, 8, 8])
    expect(await adjust({ ...input, delta: 4 })).toEqual({ __typename: 'IdempotencyKeyReused', code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 8, reserved: 0 }])
  })

  it('never takes away what a checkout holds', async () => {
    const { variantIds } = await makeCounted(market, shop, { units: 5 })
    await reserve(market, checkoutId(), one(variantIds[0], 4))
    const variantId = variantIds[0]
    expect(await adjust({ variantId, delta: -2 })).toEqual({ __typename: 'StockTooLow', onHand: 5, reserved: 4 })
    expect(await adjust({ variantId, onHand: 3 })).toMatchObject({ __typename: 'StockTooLow' })
    expect(await adjust({ variantId, onHand: 4 })).toEqual({
      __typename: 'AdjustStockSuccess',
      onHand: 4,
      variant: { available: 0 },
    })
  })

  it('is for the own warehouse and the own variant only', async () => {
    const stranger = await makeShop(market)
    const { variantIds } = await makeCounted(market, shop)
    const input = {
      variantId: variantIds[0],
      warehouseId: shop.warehouseIds[0],
      delta: 1,
      reason: 'COUNTED',
      idempotencyKey: 'k',
    }
    expect((await act(market, stranger.seller, ['adjustStock', input]))['__typename']).toBe('VariantNotFound')
    const elsewhere = { ...input, warehouseId: stranger.warehouseIds[0] }
    expect((await act(market, shop.seller, ['adjustStock', elsewhere]))['__typename']).toBe('WarehouseNotFound')
  })

  it.each([
    ['delta', { delta: 1, onHand: 1 }],
    ['delta', {}],
    ['delta', { delta: 0 }],
    ['onHand', { onHand: -1 }],
    ['idempotencyKey', { delta: 1, idempotencyKey: '' }],
    ['variantId', { delta: 1, variantId: 'shp_1' }],
  ])('refuses a wrong %s', async (field, changes) => {
    const base = { variantId: newId('variant'), warehouseId: newId('warehouse'), reason: 'LOST', idempotencyKey: 'k' }
    const query = `mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { __typename } }`
    const { errors } = await market.execute({ query, variables: { input: { ...base, ...changes } }, as: shop.seller })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  it('is written down for good', async () => {
    const { variantIds } = await makeCounted(market, shop, { units: 5 })
    market.clock.advance(1_000)
    await adjust({ variantId: variantIds[0], delta: -1, reason: 'DAMAGED', note: 'jatuh' })
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Variant { movements(first: 1) { edges { node { kind delta onHandAfter note } } pageInfo { hasNextPage } } } } }`
    const variables = { r: [{ __typename: 'Variant', id: variantIds[0] }] }
    const own = await read(market, query, { as: shop.seller, variables })
    expect(own['_entities']).toEqual([
      {
        movements: {
          edges: [{ node: { kind: 'DAMAGED', delta: -1, onHandAfter: 4, note: 'jatuh' } }],
          pageInfo: { hasNextPage: true },
        },
      },
    ])
    const stranger = (await makeShop(market)).seller
    expect((await market.execute({ query, variables, as: stranger })).data).toEqual({ _entities: [{ movements: null }] })
    expect((await market.execute({ query, variables })).errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED')
    for (const sql of [`UPDATE stock_movement SET delta = 100`, `DELETE FROM stock_movement`, `TRUNCATE stock_movement`])
      await expect(market.database.query(sql)).rejects.toThrow('append-only')
  })
})

describe.each(['COUNTER', 'UNITS'] as const)('stock taken by %s', (mode) => {
  const makeProduct = (...[of, at, changes]: Parameters<typeof makeCounted>) => makeCounted(of, at, { mode, ...changes })

  beforeEach(async () => {
    shop = await makeShop(market)
  })

  describe('a reservation', () => {
    it('holds all lines, and the sale takes them out of stock', async () => {
      const { productId, variantIds } = await makeProduct(market, shop, {
        units: 3,
        variants: [variantInput({ price: 10_000 }), variantInput()],
      })
      const checkout = checkoutId()
      const lines = [...one(variantIds[0], 2), ...one(variantIds[1], 1)]
      const reserved = await reserve(market, checkout, lines)
      expect(reserved).toMatchObject({
        __typename: 'ProductsReserved',
        origins: [{ shopId: shop.shopId, regencyCode: '31.73', name: 'Budi' }],
      })
      const first = (reserved['lines'] as { variantId: string }[]).find(({ variantId }) => variantId === variantIds[0])
      expect(first).toMatchObject({
        quantity: 2,
        unitPrice: 10_000,
        title: 'Papan ketik nirkabel',
        warehouseId: shop.warehouseIds[0],
        imageUrl: '/pictures/keyboard.svg',
      })
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 3, reserved: 2 }])
      expect((await confirm(market, checkout))['__typename']).toBe('ProductsConfirmed')
      expect((await confirm(market, checkout))['__typename']).toBe('ProductsConfirmed')
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 1, reserved: 0 }])
      await market.settle()
      const sold = await read(market, `query ($id: ID!) { product(id: $id) { soldCount } }`, { variables: { id: productId } })
      expect(text(sold, 'product', 'soldCount')).toBe(3)
      const { rows } = await market.database.query(
        `SELECT delta, on_hand_after FROM stock_movement WHERE variant_id = $1 AND kind = 'SALE'`,
        [variantIds[0]],
      )
      expect(rows).toEqual([{ delta: -2, on_hand_after: 1 }])
    })

    it('repeated with the same checkout is answered alike and holds nothing twice', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 3 })
      const checkout = checkoutId()
      const results = await Promise.all([1, 2, 3].map(() => reserve(market, checkout, one(variantIds[0], 2))))
      expect(new Set(results.map(({ reservationId }) => reservationId)).size).toBe(1)
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 3, reserved: 2 }])
      expect((await reserve(market, checkout, one(variantIds[0], 1)))['__typename']).toBe('IdempotencyKeyReused')
    })

    it('sums lines of one SKU before it looks at the stock', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 3 })
      const refused = await reserve(market, checkoutId(), [...one(variantIds[0], 2), ...one(variantIds[0], 2)])
      expect(refused).toEqual({
        __typename: 'ProductsOutOfStock',
        code: 'PRODUCTS_OUT_OF_STOCK',
        lines: [{ variantId: variantIds[0], available: 3 }],
      })
      const taken = await reserve(market, checkoutId(), [...one(variantIds[0], 2), ...one(variantIds[0], 1)])
      expect(taken['lines']).toMatchObject([{ quantity: 3 }])
    })

    it('is all lines or none, and can be tried again after a refusal', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 2, variants: [variantInput(), variantInput()] })
      const checkout = checkoutId()
      expect((await reserve(market, checkout, [...one(variantIds[0], 1), ...one(variantIds[1], 3)]))['__typename']).toBe(
        'ProductsOutOfStock',
      )
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 2, reserved: 0 }])
      expect((await reserve(market, checkout, [...one(variantIds[0], 1), ...one(variantIds[1], 2)]))['__typename']).toBe(
        'ProductsReserved',
      )
    })

    it('refuses what is not on sale', async () => {
      const draft = await makeDraft(market, shop)
      const onSale = await makeProduct(market, shop, { variants: [variantInput(), variantInput()] })
      await act(market, shop.seller, ['changeVariant', { variantId: onSale.variantIds[1], active: false }])
      const unknown = newId('variant')
      const lines = [...one(draft.variantIds[0]), ...one(onSale.variantIds[0]), ...one(onSale.variantIds[1]), ...one(unknown)]
      const refused = await reserve(market, checkoutId(), lines)
      expect(refused).toMatchObject({ __typename: 'ProductsUnavailable', code: 'PRODUCTS_UNAVAILABLE' })
      expect(new Set(refused['variantIds'] as string[])).toEqual(new Set([draft.variantIds[0], onSale.variantIds[1], unknown]))
    })

    it('prefers the one warehouse that has everything, and splits only when it must', async () => {
      const wide = await makeShop(market, ['31.73.05', '32.73.01'])
      const { variantIds } = await makeProduct(market, wide, { units: 5, variants: [variantInput(), variantInput()] })
      for (const [index, units] of [3, 1].entries())
        await receive(market, wide, { variantId: variantIds[index]!, units, warehouse: 1 })
      const together = await reserve(market, checkoutId(), [...one(variantIds[0], 3), ...one(variantIds[1], 2)])
      expect(new Set((together['lines'] as { warehouseId: string }[]).map(({ warehouseId }) => warehouseId))).toEqual(
        new Set([wide.warehouseIds[0]]),
      )
      const split = await reserve(market, checkoutId(), one(variantIds[0], 5))
      expect(split).toMatchObject({
        __typename: 'ProductsReserved',
        lines: [{ warehouseId: wide.warehouseIds[1] }],
        origins: [{ regencyCode: '32.73' }],
      })
    })

    it('gives its units back when released, and cannot be confirmed or made again', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 2 })
      const checkout = checkoutId()
      await reserve(market, checkout, one(variantIds[0], 2))
      for (let time = 0; time < 2; time += 1) expect((await release(market, checkout))['__typename']).toBe('ProductsReleased')
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 2, reserved: 0 }])
      expect((await confirm(market, checkout))['__typename']).toBe('ProductsReservationGone')
      expect((await reserve(market, checkout, one(variantIds[0], 2)))['__typename']).toBe('ProductsReservationGone')
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 2, reserved: 0 }])
    })

    it('that was released before it came is refused', async () => {
      const { variantIds } = await makeProduct(market, shop)
      const checkout = checkoutId()
      expect(
        await act(market, 'orders', ['productsRelease', { checkoutId: checkout }, '... on ProductsReleased { checkoutId }']),
      ).toMatchObject({ checkoutId: checkout })
      expect((await reserve(market, checkout, one(variantIds[0])))['__typename']).toBe('ProductsReservationGone')
      expect((await confirm(market, checkoutId()))['__typename']).toBe('ProductsReservationGone')
    })

    it('that was confirmed is put back whole when the checkout is undone', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 2 })
      const checkout = checkoutId()
      await reserve(market, checkout, one(variantIds[0], 2))
      await confirm(market, checkout)
      await release(market, checkout)
      await release(market, checkout)
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 2, reserved: 0 }])
      expect((await confirm(market, checkout))['__typename']).toBe('ProductsReservationGone')
    })

    it('ends by itself at its time, exactly once', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 2 })
      const [checkout, other] = [checkoutId(), checkoutId()]
      await reserve(market, checkout, one(variantIds[0], 2))
      market.clock.advance(3_600_000)
      expect((await reserve(market, other, one(variantIds[0], 1)))['__typename']).toBe('ProductsOutOfStock')
      await Promise.all([market.subgraph.work(), market.subgraph.work()])
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 2, reserved: 0 }])
      expect((await confirm(market, checkout))['__typename']).toBe('ProductsReservationGone')
      expect((await reserve(market, checkout, one(variantIds[0], 2)))['__typename']).toBe('ProductsReservationGone')
      expect((await reserve(market, other, one(variantIds[0], 1)))['__typename']).toBe('ProductsReserved')
      expect((await release(market, checkout))['__typename']).toBe('ProductsReleased')
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 2, reserved: 1 }])
    })

    it('whose time is over is sold all the same while its units are still held', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 2 })
      const checkout = checkoutId()
      await reserve(market, checkout, one(variantIds[0], 2))
      market.clock.advance(3_600_000)
      expect((await confirm(market, checkout))['__typename']).toBe('ProductsConfirmed')
      await market.settle()
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 0, reserved: 0 }])
    })

    it('is either sold or ended when both come at once', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 20 })
      const checkouts = Array.from({ length: 10 }, checkoutId)
      await Promise.all(checkouts.map((checkout) => reserve(market, checkout, one(variantIds[0], 2))))
      market.clock.advance(3_600_000)
      const [answers] = await Promise.all([Promise.all(checkouts.map((each) => confirm(market, each))), market.subgraph.work()])
      const sold = answers.filter((answer) => answer['__typename'] === 'ProductsConfirmed').length
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 20 - 2 * sold, reserved: 0 }])
    })

    it('is reached by the checkout saga only', async () => {
      const query = `mutation { productsRelease(input: { checkoutId: "${checkoutId()}" }) { __typename } }`
      expect((await market.execute({ query, as: market.admin })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN')
      expect((await market.execute({ query })).errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED')
    })

    it.each([
      ['lines', { lines: [] }],
      ['quantity', { lines: [{ variantId: newId('variant'), quantity: 0 }] }],
      ['variantId', { lines: [{ variantId: 'x', quantity: 1 }] }],
      ['checkoutId', { checkoutId: 'x' }],
    ])('refuses a wrong %s', async (field, changes) => {
      const input = {
        checkoutId: checkoutId(),
        expiresAt: '2026-11-19T00:00:00Z',
        lines: [{ variantId: newId('variant'), quantity: 1 }],
        ...changes,
      }
      const query = `mutation ($input: ProductsReserveInput!) { productsReserve(input: $input) { __typename } }`
      const { errors } = await market.executeAsOrders({ query, variables: { input } })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
    })
  })

  describe('fifty buyers at once', () => {
    it('get exactly the last ten units', async () => {
      const { productId, variantIds } = await makeProduct(market, shop, { units: 10 })
      const results = await Promise.all(Array.from({ length: 50 }, () => reserve(market, checkoutId(), one(variantIds[0]))))
      const outcomes = results.map((result) => result['__typename'])
      expect(outcomes.filter((name) => name === 'ProductsReserved')).toHaveLength(10)
      expect(outcomes.filter((name) => name === 'ProductsOutOfStock')).toHaveLength(40)
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 10, reserved: 10 }])
      await market.settle()
      const seen = await read(market, `query ($id: ID!) { product(id: $id) { inStock variants { available } } }`, {
        variables: { id: productId },
      })
      expect(seen['product']).toEqual({ inStock: false, variants: [{ available: 0 }] })
      const events = market.published.filter(({ aggregateId }) => aggregateId === variantIds[0])
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
      expect(events.at(-1)?.payload).toMatchObject({ available: 0 })
    })

    it('who take two things in either order never block each other', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 25, variants: [variantInput(), variantInput()] })
      const [a, b] = [one(variantIds[0])[0]!, one(variantIds[1])[0]!]
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, index) => reserve(market, checkoutId(), index % 2 ? [a, b] : [b, a])),
      )
      expect(results.filter((result) => result['__typename'] === 'ProductsReserved')).toHaveLength(25)
      for (const id of variantIds) expect(await stockOf(market, shop, id)).toEqual([{ onHand: 25, reserved: 25 }])
    })

    it('who empty a product from all sides leave it marked as sold out', async () => {
      const { productId, variantIds } = await makeProduct(market, shop, {
        units: 5,
        variants: [1, 2, 3, 4].map(() => variantInput()),
      })
      await Promise.all(Array.from({ length: 20 }, (_, index) => reserve(market, checkoutId(), one(variantIds[index % 4]))))
      const query = `query ($id: ID!) { product(id: $id) { inStock variants { available } } }`
      await market.settle()
      const seen = await read(market, query, { variables: { id: productId } })
      expect(seen['product']).toEqual({ inStock: false, variants: variantIds.map(() => ({ available: 0 })) })
    })

    it('each get all that they want or nothing, whatever the others get', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 50, variants: [1, 2, 3].map(() => variantInput()) })
      const [plenty, scarce, other] = variantIds.map((id) => one(id)[0]!)
      await reserve(market, checkoutId(), one(variantIds[1], 43))
      const wishes = Array.from({ length: 30 }, (_, index) => [[plenty!, scarce!], [scarce!], [plenty!, other!]][index % 3]!)
      const results = await Promise.all(wishes.map((lines) => reserve(market, checkoutId(), lines)))
      const got = wishes.filter((_, index) => results[index]!['__typename'] === 'ProductsReserved')
      for (const [line, units] of [
        [scarce!, 43],
        [plenty!, 0],
        [other!, 0],
      ] as const) {
        const reserved = units + got.filter((lines) => lines.includes(line)).length
        expect(await stockOf(market, shop, line.variantId)).toEqual([{ onHand: 50, reserved }])
      }
      expect(got.filter((lines) => lines.includes(other!))).toHaveLength(10)
      expect(got.filter((lines) => lines.includes(scarce!))).toHaveLength(7)
    })

    it('do not wait for a shelf that they want nothing of', async () => {
      const { variantIds } = await makeProduct(market, shop, { variants: [variantInput(), variantInput()] })
      await market.database.query('BEGIN')
      await market.database.query('SELECT FROM stock WHERE variant_id = $1 FOR NO KEY UPDATE', [variantIds[0]])
      const waiting = [1, 2].map(() => reserve(market, checkoutId(), one(variantIds[0])))
      const others = await Promise.all([1, 2, 3].map(() => reserve(market, checkoutId(), one(variantIds[1]))))
      expect(others.map((result) => result['__typename'])).toEqual(others.map(() => 'ProductsReserved'))
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 10, reserved: 0 }])
      await market.database.query('COMMIT')
      expect((await Promise.all(waiting)).map((result) => result['__typename'])).toEqual(waiting.map(() => 'ProductsReserved'))
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 10, reserved: 2 }])
    })

    it('with one key between them get one reservation', async () => {
      const { variantIds } = await makeProduct(market, shop, { variants: [variantInput(), variantInput()] })
      const checkouts = [checkoutId(), checkoutId()]
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => reserve(market, checkouts[index % 2]!, one(variantIds[index % 2]))),
      )
      for (const [index, variantId] of variantIds.entries()) {
        expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 10, reserved: 1 }])
        const answers = results.filter((_, place) => place % 2 === index)
        expect(answers).toEqual(answers.map(() => expect.objectContaining({ reservationId: answers[0]!['reservationId'] })))
      }
    })

    it('find no way around the database’s own check', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 1 })
      for (const set of ['reserved = on_hand + 1', 'reserved = -1', 'on_hand = -1'])
        await expect(market.database.query(`UPDATE stock SET ${set} WHERE variant_id = $1`, [variantIds[0]])).rejects.toThrow(
          'stock_reserved_within_on_hand',
        )
    })
  })

  describe('a cancelled order', () => {
    const cancelled = (checkout: string, variantId: string, paid: boolean) => ({
      type: 'OrderCancelled' as const,
      id: `orders:${newId('movement')}`,
      payload: {
        orderId: newId('order'),
        checkoutId: checkout,
        buyerId: newId('account'),
        shopId: shop.shopId,
        reason: 'REJECTED_BY_SELLER' as const,
        paid,
        lines: [
          {
            orderLineId: newId('orderLine'),
            variantId,
            productId: newId('product'),
            sku: 'x',
            title: 'x',
            quantity: 1,
            unitPrice: 1,
          },
        ],
      },
    })

    it('that was paid puts its units back, once, and they are no longer sold', async () => {
      const { productId, variantIds } = await makeProduct(market, shop, { units: 5, variants: [variantInput(), variantInput()] })
      const checkout = checkoutId()
      await reserve(market, checkout, [...one(variantIds[0], 2), ...one(variantIds[1], 1)])
      await confirm(market, checkout)
      const event = cancelled(checkout, variantIds[0]!, true)
      await market.deliver('orders', event)
      await market.deliver('orders', event)
      await market.deliver('orders', cancelled(checkout, variantIds[0]!, true))
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 5, reserved: 0 }])
      expect(await stockOf(market, shop, variantIds[1]!)).toEqual([{ onHand: 4, reserved: 0 }])
      const { rows } = await market.database.query(`SELECT delta FROM stock_movement WHERE variant_id = $1 AND kind = 'RETURN'`, [
        variantIds[0],
      ])
      expect(rows).toEqual([{ delta: 2 }])
      await market.settle()
      const sold = await read(market, `query ($id: ID!) { product(id: $id) { soldCount } }`, { variables: { id: productId } })
      expect(text(sold, 'product', 'soldCount')).toBe(1)
    })

    it('whose goods are lost puts nothing back', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 5 })
      const checkout = checkoutId()
      await reserve(market, checkout, one(variantIds[0], 2))
      await confirm(market, checkout)
      const event = cancelled(checkout, variantIds[0]!, true)
      await market.deliver('orders', { ...event, payload: { ...event.payload, reservedAs: null } })
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 3, reserved: 0 }])
    })

    it('of which units came back before puts only the rest back', async () => {
      const { productId, variantIds } = await makeProduct(market, shop, { units: 9, variants: [variantInput(), variantInput()] })
      const checkout = checkoutId()
      await reserve(market, checkout, [...one(variantIds[0], 5), ...one(variantIds[1], 1)])
      await confirm(market, checkout)
      const ref = { orderId: newId('order'), checkoutId: checkout, buyerId: newId('account'), shopId: shop.shopId }
      const back = (restockId: string, quantity: number, id: string) => {
        const payload = { ...ref, restockId, reservedAs: checkout, lines: [{ variantId: variantIds[0]!, quantity }] }
        return market.deliver('orders', { type: 'GoodsReturned', id, payload })
      }
      await back(`first-${checkout}`, 2, `orders:back-1-${checkout}`)
      await back(`first-${checkout}`, 2, `orders:back-1-${checkout}`)
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 6, reserved: 0 }])
      await back(`second-${checkout}`, 1, `orders:back-2-${checkout}`)
      await market.deliver('orders', cancelled(checkout, variantIds[0]!, true))
      await back(`third-${checkout}`, 1, `orders:back-3-${checkout}`)
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 9, reserved: 0 }])
      expect(await stockOf(market, shop, variantIds[1]!)).toEqual([{ onHand: 8, reserved: 0 }])
      const movements = `SELECT delta FROM stock_movement WHERE variant_id = $1 AND kind = 'RETURN' ORDER BY id`
      expect((await market.database.query(movements, [variantIds[0]])).rows).toEqual([{ delta: 2 }, { delta: 1 }, { delta: 2 }])
      await market.settle()
      const sold = await read(market, `query ($id: ID!) { product(id: $id) { soldCount } }`, { variables: { id: productId } })
      expect(text(sold, 'product', 'soldCount')).toBe(1)
    })

    it('that was not paid, or whose reservation had ended, puts nothing back', async () => {
      const { variantIds } = await makeProduct(market, shop, { units: 5 })
      const [unpaid, ended] = [checkoutId(), checkoutId()]
      await reserve(market, unpaid, one(variantIds[0], 2))
      await confirm(market, unpaid)
      await market.deliver('orders', cancelled(unpaid, variantIds[0]!, false))
      await reserve(market, ended, one(variantIds[0], 1))
      await release(market, ended)
      await market.deliver('orders', cancelled(ended, variantIds[0]!, true))
      await market.deliver('orders', cancelled(checkoutId(), variantIds[0]!, true))
      expect(await stockOf(market, shop, variantIds[0]!)).toEqual([{ onHand: 3, reserved: 0 }])
    })
  })
})
