import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  checkoutId,
  makeProduct,
  makeShop,
  receive,
  release,
  reserve,
  reserveSelection,
  startMarket,
  stockOf,
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

const statesOf = async (checkouts: readonly string[]) => {
  const sql = `SELECT state FROM reservation WHERE checkout_id = ANY($1) ORDER BY array_position($1, checkout_id)`
  return (await market.database.query<{ state: string }>(sql, [checkouts])).rows.map(({ state }) => state)
}

describe('reservations whose time is over', () => {
  it('have an id for each movement of as much as ends together', async () => {
    const sql = `SELECT count(DISTINCT numbered_id($1, n))::int AS ids, min(length(numbered_id($1, n))) AS length FROM generate_series(1, $2) AS n`
    const { rows } = await market.database.query(sql, [newId('movement'), 100_000])
    expect(rows).toEqual([{ ids: 100_000, length: newId('movement').length }])
  })

  it('end, also when one of them cannot be ended', async () => {
    const [good, broken] = [await makeProduct(market, shop, { units: 4 }), await makeProduct(market, shop)]
    const of = ({ variantIds }: typeof good) => [{ variantId: variantIds[0]!, quantity: 1 }]
    const checkouts = [checkoutId(), checkoutId(), checkoutId()]
    for (const [index, product] of [good, broken, good].entries()) {
      await reserve(market, checkouts[index]!, of(product))
      market.clock.advance(1_000)
    }
    await market.database.query(`UPDATE stock SET reserved = 0 WHERE variant_id = $1`, [broken.variantIds[0]])
    market.clock.advance(3_600_000)
    await expect(market.subgraph.work()).rejects.toThrow('stock_reserved_within_on_hand')
    expect(await statesOf(checkouts)).toEqual(['EXPIRED', 'HELD', 'EXPIRED'])
    expect(await stockOf(market, shop, good.variantIds[0]!)).toEqual([{ onHand: 4, reserved: 0 }])
    await market.database.query(`UPDATE stock SET reserved = 1 WHERE variant_id = $1`, [broken.variantIds[0]])
    await market.settle()
    expect(await statesOf(checkouts)).toEqual(['EXPIRED', 'EXPIRED', 'EXPIRED'])
  })

  it.each([
    ['where it was before, though more lie elsewhere by now', 5, '31.73'],
    ['elsewhere, where it cannot be had there any more', 0, '32.73'],
  ])('are made again %s', async (_, left, regencyCode) => {
    const wide = await makeShop(market, ['31.73.05', '32.73.01'])
    const { variantIds } = await makeProduct(market, wide, { units: 5 })
    const lines = [{ variantId: variantIds[0]!, quantity: 3 }]
    const first = checkoutId()
    expect(await reserve(market, first, lines)).toMatchObject({ origins: [{ regencyCode: '31.73' }] })
    await release(market, first)
    await receive(market, wide, { variantId: variantIds[0]!, units: left })
    await receive(market, wide, { variantId: variantIds[0]!, units: 9, warehouse: 1 })
    const expiresAt = new Date(market.clock.now().getTime() + 3_600_000).toISOString()
    const input = { checkoutId: checkoutId(), lines, expiresAt, preferredWarehouseIds: [wide.warehouseIds[0]] }
    const again = () => act(market, 'orders', ['productsReserve', input, reserveSelection])
    expect(await again()).toMatchObject({ __typename: 'ProductsReserved', origins: [{ regencyCode }] })
    expect(await again()).toMatchObject({ __typename: 'ProductsReserved', origins: [{ regencyCode }] })
  })

  it('are made again where they were before, though a fuller warehouse of the same regency has them, too', async () => {
    const wide = await makeShop(market, ['31.73.05', '31.73.05'])
    const { variantIds } = await makeProduct(market, wide, { units: 5 })
    await receive(market, wide, { variantId: variantIds[0]!, units: 9, warehouse: 1 })
    const input = {
      checkoutId: checkoutId(),
      lines: [{ variantId: variantIds[0]!, quantity: 3 }],
      expiresAt: new Date(market.clock.now().getTime() + 3_600_000).toISOString(),
      preferredWarehouseIds: [wide.warehouseIds[0]],
      preferredOrigins: [{ shopId: wide.shopId, regencyCode: '31.73' }],
    }
    expect(await act(market, 'orders', ['productsReserve', input, reserveSelection])).toMatchObject({
      lines: [{ warehouseId: wide.warehouseIds[0] }],
      origins: [{ regencyCode: '31.73' }],
    })
  })
})
