import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bounds } from '../src/domain/bounds.ts'
import {
  act,
  checkoutId,
  confirm,
  makeProduct,
  makeShop,
  read,
  receive,
  release,
  reserve,
  startMarket,
  stockOf,
  takeBy,
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

const one = (variantId: string, quantity = 1) => [{ variantId, quantity }]
const makeHot = async (units: number) => (await makeProduct(market, shop, { units, mode: 'UNITS' })).variantIds[0]!
const readyOf = async (variantId: string): Promise<number> => {
  const sql = `SELECT count(*)::int AS ready FROM stock_unit WHERE variant_id = $1`
  return (await market.database.query<{ ready: number }>(sql, [variantId])).rows[0]!.ready
}

const adjust = (variantId: string, changes: object) =>
  act(market, shop.seller, [
    'adjustStock',
    { variantId, warehouseId: shop.warehouseIds[0], reason: 'COUNTED', idempotencyKey: newId('movement'), ...changes },
    '... on AdjustStockSuccess { onHand variant { available } } ... on StockTooLow { onHand reserved }',
  ])

/** What holds of a variant at any moment: the counter covers what checkouts hold and what lies ready, and movements sum up to both. */
async function holdsTogether(variantId: string): Promise<void> {
  const { rows } = await market.database.query(
    `SELECT s.on_hand, s.reserved - (SELECT count(*) FROM stock_unit u WHERE u.variant_id = s.variant_id)::int AS held,
       (SELECT coalesce(sum(a.quantity), 0)::int FROM reservation_allocation a JOIN reservation r ON r.id = a.reservation_id
         WHERE a.variant_id = s.variant_id AND r.state = 'HELD') AS "heldByCheckouts",
       (SELECT sum(delta)::int FROM stock_movement m WHERE m.variant_id = s.variant_id) AS moved,
       (SELECT sum(held)::int FROM stock_movement m WHERE m.variant_id = s.variant_id) AS "movedHeld"
     FROM stock s WHERE s.variant_id = $1`,
    [variantId],
  )
  for (const { on_hand: onHand, held, ...rest } of rows)
    expect(rest).toEqual({ heldByCheckouts: held, moved: onHand, movedHeld: held })
}

describe('a thing that everybody wants at once', () => {
  it('lies ready in buckets that are filled again, and its figures are those of any other', async () => {
    const variantId = await makeHot(1_500)
    await market.settle()
    expect(await readyOf(variantId)).toBe(bounds.unitBucket)
    expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 1_500, reserved: 0 }])
    for (let buyer = 0; buyer < 6; buyer += 1) await reserve(market, checkoutId(), one(variantId, 100))
    expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 1_500, reserved: 600 }])
    await market.settle()
    expect(await readyOf(variantId)).toBe(900)
    await holdsTogether(variantId)
  })

  it('is sent from where it lies, also when all of it lies ready', async () => {
    const wide = await makeShop(market, ['31.73.05', '32.73.01'])
    const { variantIds } = await makeProduct(market, wide, { units: 0, mode: 'UNITS' })
    const variantId = variantIds[0]!
    await receive(market, wide, { variantId, units: 20, warehouse: 1 })
    await market.settle()
    await reserve(market, checkoutId(), one(variantId))
    await market.settle()
    const told = market.published.findLast(({ aggregateId }) => aggregateId === variantId)
    expect(told?.payload).toMatchObject({ available: 19, originRegencyCode: '32.73' })
  })

  it.each(['COUNTER', 'UNITS'] as const)('is taken from where most of it lies, as its listing says (by %s)', async (mode) => {
    const wide = await makeShop(market, ['31.73.05', '32.73.01'])
    const { variantIds } = await makeProduct(market, wide, { units: 5, mode })
    const variantId = variantIds[0]!
    await receive(market, wide, { variantId, units: 20, warehouse: 1 })
    await market.settle()
    const told = market.published.findLast(({ aggregateId }) => aggregateId === variantId)
    expect(told?.payload).toMatchObject({ originRegencyCode: '32.73' })
    expect(await reserve(market, checkoutId(), one(variantId))).toMatchObject({ origins: [{ regencyCode: '32.73' }] })
  })

  it('is sold to the last unit while it is switched to and fro', async () => {
    const variantId = await makeHot(40)
    const switching = async () => {
      for (const mode of ['COUNTER', 'UNITS', 'COUNTER', 'UNITS'] as const) {
        await takeBy(market, shop, { variantId, mode })
        await market.subgraph.work()
      }
    }
    const buyers = Array.from({ length: 50 }, () => reserve(market, checkoutId(), one(variantId)))
    const [results] = await Promise.all([Promise.all(buyers), switching()])
    const outcomes = results.map((result) => result['__typename'])
    expect(outcomes.filter((name) => name === 'ProductsReserved')).toHaveLength(40)
    expect(outcomes.filter((name) => name === 'ProductsOutOfStock')).toHaveLength(10)
    expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 40, reserved: 40 }])
    await holdsTogether(variantId)
  })

  it('has no unit left lying when it is switched off', async () => {
    const variantId = await makeHot(30)
    const held = checkoutId()
    await reserve(market, held, one(variantId, 5))
    await takeBy(market, shop, { variantId, mode: 'COUNTER' })
    await market.settle()
    expect(await readyOf(variantId)).toBe(0)
    expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 30, reserved: 5 }])
    await confirm(market, held)
    expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 25, reserved: 0 }])
    await holdsTogether(variantId)
  })

  it('is all there for whoever takes what others are just giving up', async () => {
    const variantId = await makeHot(2)
    const results = await Promise.all([
      ...Array.from({ length: 10 }, () => reserve(market, checkoutId(), one(variantId, 3))),
      ...Array.from({ length: 2 }, () => reserve(market, checkoutId(), one(variantId, 1))),
    ])
    expect(results.filter((result) => result['__typename'] === 'ProductsReserved')).toHaveLength(2)
  })

  it('gives what is released and what runs out back, once each', async () => {
    const variantId = await makeHot(10)
    const [released, forgotten] = [checkoutId(), checkoutId()]
    for (const checkout of [released, forgotten]) await reserve(market, checkout, one(variantId, 5))
    expect((await reserve(market, checkoutId(), one(variantId)))['__typename']).toBe('ProductsOutOfStock')
    await Promise.all([release(market, released), release(market, released)])
    market.clock.advance(3_600_000)
    await market.settle()
    expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 10, reserved: 0 }])
    expect((await reserve(market, checkoutId(), one(variantId, 10)))['__typename']).toBe('ProductsReserved')
    await holdsTogether(variantId)
  })

  it('can be counted by its seller although its units lie ready', async () => {
    const variantId = await makeHot(1_000)
    await market.settle()
    await reserve(market, checkoutId(), one(variantId, 4))
    expect(await adjust(variantId, { onHand: 3 })).toEqual({ __typename: 'StockTooLow', onHand: 1_000, reserved: 4 })
    expect(await adjust(variantId, { onHand: 10 })).toMatchObject({ onHand: 10, variant: { available: 6 } })
    await market.settle()
    expect(await readyOf(variantId)).toBe(6)
    await Promise.all([adjust(variantId, { delta: 5 }), ...[1, 2, 3].map(() => reserve(market, checkoutId(), one(variantId, 2)))])
    expect(await stockOf(market, shop, variantId)).toEqual([{ onHand: 15, reserved: 10 }])
    await holdsTogether(variantId)
  })

  it('can be counted by its seller also at the moment in which units are laid out', async () => {
    const variantId = await makeHot(1_000)
    await market.database.query('BEGIN')
    await market.database.query('UPDATE stock SET reserved = reserved + 500 WHERE variant_id = $1', [variantId])
    const layOut = `INSERT INTO stock_unit (variant_id, warehouse_id) SELECT variant_id, warehouse_id FROM stock, generate_series(1, 500)
      WHERE variant_id = $1`
    await market.database.query(layOut, [variantId])
    const counting = adjust(variantId, { onHand: 10 })
    const blocked = 'SELECT count(*)::int AS blocked FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))'
    while ((await market.database.query<{ blocked: number }>(blocked)).rows[0]!.blocked === 0);
    await market.database.query('COMMIT')
    expect(await counting).toMatchObject({ onHand: 10, variant: { available: 10 } })
    await holdsTogether(variantId)
  })

  it('comes from several warehouses', async () => {
    const wide = await makeShop(market, ['31.73.05', '32.73.01'])
    const variantId = (await makeProduct(market, wide, { units: 5, mode: 'UNITS' })).variantIds[0]!
    await receive(market, wide, { variantId, units: 3, warehouse: 1 })
    await market.settle()
    expect((await reserve(market, checkoutId(), one(variantId, 7)))['__typename']).toBe('ProductsReserved')
    const levels = await stockOf(market, wide, variantId)
    expect(levels.reduce((sum, { reserved }) => sum + reserved, 0)).toBe(7)
  })

  it('tells a thousand changes as few', async () => {
    const variantId = await makeHot(100)
    await market.settle()
    const before = market.published.length
    await Promise.all(Array.from({ length: 30 }, () => reserve(market, checkoutId(), one(variantId))))
    await market.settle()
    const told = market.published.slice(before)
    expect(told.filter(({ type }) => type === 'StockMoved')).toHaveLength(30)
    expect(told.filter(({ type }) => type === 'ListingChanged')).toMatchObject([{ payload: { available: 70 } }])
  })
})

describe('how stock is taken', () => {
  const mode = `query ($id: ID!) { product(id: $id) { variants { stockMode } } }`
  const change = (input: object, as: Parameters<typeof act>[1]) =>
    act(market, as, ['changeStockMode', { ...input, mode: 'UNITS' }])

  it('is said by the seller or an admin, and shown to them and to staff', async () => {
    const { productId, variantIds } = await makeProduct(market, shop)
    const input = { variantId: variantIds[0] }
    const stranger = (await makeShop(market)).seller
    expect((await change(input, stranger))['__typename']).toBe('VariantNotFound')
    expect((await change({ variantId: newId('variant') }, shop.seller))['__typename']).toBe('VariantNotFound')
    expect((await change(input, market.admin))['__typename']).toBe('ChangeStockModeSuccess')
    await market.settle()
    expect(market.published.at(-1)).toMatchObject({ type: 'StaffActed', payload: { action: 'products.stock.mode' } })
    const seen = async (as: typeof stranger) => (await read(market, mode, { as, variables: { id: productId } }))['product']
    for (const as of [shop.seller, market.admin, accountForTest(['support'])])
      expect(await seen(as)).toEqual({ variants: [{ stockMode: 'UNITS' }] })
    expect(await seen(stranger)).toEqual({ variants: [{ stockMode: null }] })
  })

  it('is by units for so many variants of a shop at a time, and for another one when one goes back', async () => {
    const crowd = await makeShop(market)
    const variants = Array.from({ length: bounds.byUnitsMax + 1 }, () => variantInput())
    const { variantIds } = await makeProduct(market, crowd, { units: 0, variants })
    const byUnits = async (ids: readonly string[]) => {
      const results = await Promise.all(ids.map((variantId) => change({ variantId }, crowd.seller)))
      return results.map((result) => text(result, '__typename'))
    }
    const outcomes = await byUnits(variantIds)
    const [changed, refused] = ['ChangeStockModeSuccess', 'TooManyByUnits'].map((name) =>
      variantIds.filter((_, index) => outcomes[index] === name),
    ) as [string[], string[]]
    expect([changed.length, refused.length]).toEqual([bounds.byUnitsMax, 1])
    expect(await byUnits([changed[0]!, ...refused])).toEqual(['ChangeStockModeSuccess', 'TooManyByUnits'])
    await takeBy(market, crowd, { variantId: changed[0]!, mode: 'COUNTER' })
    expect(await byUnits(refused)).toEqual(['ChangeStockModeSuccess'])
  })

  it('can be said again of what is by units, also by a shop that had more of those before the bound', async () => {
    const crowd = await makeShop(market)
    const variants = Array.from({ length: bounds.byUnitsMax + 2 }, () => variantInput())
    const { variantIds } = await makeProduct(market, crowd, { units: 1, variants })
    const [next, ...before] = variantIds
    await market.database.query(`UPDATE variant SET stock_mode = 'UNITS' WHERE id = ANY($1)`, [before])
    expect((await change({ variantId: next }, crowd.seller))['__typename']).toBe('TooManyByUnits')
    expect((await change({ variantId: before[0] }, crowd.seller))['__typename']).toBe('ChangeStockModeSuccess')
    expect(await readyOf(before[0]!)).toBe(1)
  })

  it('does not show in what its seller reads of movements', async () => {
    const query = `query ($r: [_Any!]!, $holds: Boolean) { _entities(representations: $r) { ... on Variant {
      movements(first: 10, holds: $holds) { edges { node { kind delta held onHandAfter } } } } } }`
    const told: unknown[] = []
    for (const by of ['COUNTER', 'UNITS'] as const) {
      const { variantIds } = await makeProduct(market, shop, { units: 9, mode: by })
      const [sold, released] = [checkoutId(), checkoutId()]
      for (const [checkout, units] of [[sold, 4] as const, [released, 2] as const]) {
        market.clock.advance(1_000)
        await reserve(market, checkout, one(variantIds[0]!, units))
      }
      market.clock.advance(1_000)
      await confirm(market, sold)
      market.clock.advance(1_000)
      await release(market, released)
      for (const holds of [true, false]) {
        const variables = { r: [{ __typename: 'Variant', id: variantIds[0] }], holds }
        const { _entities: variants } = await read(market, query, { as: shop.seller, variables })
        const [{ movements }] = variants as [{ movements: { edges: { node: object }[] } }]
        told.push(movements.edges.map(({ node }) => node))
      }
    }
    expect(told[0]).toEqual([
      { kind: 'RELEASED', delta: 0, held: -2, onHandAfter: 5 },
      { kind: 'SALE', delta: -4, held: -4, onHandAfter: 5 },
      { kind: 'RESERVED', delta: 0, held: 2, onHandAfter: 9 },
      { kind: 'RESERVED', delta: 0, held: 4, onHandAfter: 9 },
      { kind: 'RECEIVED', delta: 9, held: 0, onHandAfter: 9 },
    ])
    expect(told[1]).toMatchObject([{ kind: 'SALE' }, { kind: 'RECEIVED' }])
    expect(told.slice(2)).toEqual(told.slice(0, 2))
  })
})
