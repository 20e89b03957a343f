import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bounds } from '../src/domain/bounds.ts'
import { hour, isReserved, one, onlyLeft, openSaleScene } from './flash-sale-scene.ts'
import { checkoutId, confirm, stockOf } from './support.ts'

let scene: Awaited<ReturnType<typeof openSaleScene>>
beforeAll(async () => {
  scene = await openSaleScene()
})
afterAll(() => scene.market.stop())

/** A checkout that reserved in a flash sale, and did not pay within its hour. */
async function unpaid(limits: { units?: number; unitsPerBuyer?: number }) {
  const hot = await scene.goods()
  const saleId = await scene.startSale(hot, limits)
  const [insteadOf, buyerId] = [checkoutId(), newId('account')]
  expect(isReserved(await scene.buy({ id: insteadOf, buyerId, lines: [one(hot)] }))).toBe(true)
  await scene.pass(1)
  return { hot, saleId, late: { insteadOf, buyerId, lines: [one(hot)] } }
}

describe('goods of a flash sale that are paid after their reservation ran out', () => {
  it.each([
    ['while it runs', 0],
    ['after its end', 2],
  ])('are taken of what it has left %s', async (_, hours) => {
    const { saleId, late } = await unpaid({ units: 2, unitsPerBuyer: 1 })
    await scene.pass(hours)
    expect(await scene.countsOf(saleId)).toMatchObject({ taken: 0 })
    expect(await scene.buy(late)).toMatchObject({ __typename: 'ProductsReserved' })
    expect(await scene.countsOf(saleId)).toMatchObject({ taken: 1 })
  })

  it('are not had where others have bought all of it since, though more lies on the shelf', async () => {
    const { market, shop } = scene
    const { hot, saleId, late } = await unpaid({ units: 1 })
    const other = checkoutId()
    await scene.buy({ id: other, lines: [one(hot)] })
    await confirm(market, other)
    await market.settle()
    expect(await scene.countsOf(saleId)).toEqual({ state: 'ENDED', taken: 1, sold: 1 })
    expect(await scene.buy(late)).toEqual(onlyLeft(hot, 0))
    expect(await stockOf(market, shop, hot)).toEqual([{ onHand: 99, reserved: 0 }])
  })

  it('count for their buyer like all that the account has bought', async () => {
    const { hot, late } = await unpaid({ unitsPerBuyer: 1 })
    await scene.buy({ buyerId: late.buyerId, lines: [one(hot)] })
    expect(await scene.buy(late)).toEqual(onlyLeft(hot, 0))
  })

  it('are not had any more when it is forgotten who bought', async () => {
    const { hot, late } = await unpaid({ unitsPerBuyer: 1 })
    await scene.pass(24 * bounds.flashSaleBuyersKeptDays + 1)
    expect(await scene.buy(late)).toEqual(onlyLeft(hot, 0))
  })

  it('take nothing of a sale that began after they were reserved', async () => {
    const hot = await scene.goods()
    const insteadOf = checkoutId()
    await scene.buy({ id: insteadOf, lines: [one(hot, 2)] })
    await scene.pass(1)
    const saleId = await scene.startSale(hot, { units: 1 })
    expect(await scene.buy({ insteadOf, lines: [one(hot, 2)] })).toMatchObject({ __typename: 'ProductsReserved' })
    expect(await scene.countsOf(saleId)).toMatchObject({ taken: 0 })
  })
})

describe('who has bought in a flash sale', () => {
  const buyersOf = async (saleId: string) =>
    (await scene.rows(`SELECT buyer_id AS id FROM flash_sale_claim WHERE flash_sale_id = $1`, saleId)).map(({ id }) => id)

  it('is forgotten with the account, and what is sold stays sold', async () => {
    const { market } = scene
    const hot = await scene.goods()
    const saleId = await scene.startSale(hot, { units: 5, unitsPerBuyer: 1 })
    const [gone, stays] = [newId('account'), newId('account')]
    const unpaidId = checkoutId()
    for (const buyerId of [gone, stays])
      await scene.buy({ buyerId, lines: [one(hot)], ...(buyerId === gone && { id: unpaidId }) })
    await market.deliver('users', { type: 'AccountErased', id: `users:${gone}`, payload: { accountId: gone } })
    expect(new Set(await buyersOf(saleId))).toEqual(new Set([stays, null]))
    expect(await scene.countsOf(saleId)).toMatchObject({ taken: 2 })
    expect(await scene.buy({ buyerId: stays, lines: [one(hot)] })).toEqual(onlyLeft(hot, 0))
    await scene.pass(1)
    expect(await scene.countsOf(saleId)).toMatchObject({ taken: 0 })
  })

  it('is not written down again where a payment comes after the account was erased', async () => {
    const { market } = scene
    const [some, each] = [await unpaid({ units: 2 }), await unpaid({ unitsPerBuyer: 1 })]
    for (const accountId of [some.late.buyerId, each.late.buyerId])
      await market.deliver('users', { type: 'AccountErased', id: `users:${accountId}`, payload: { accountId } })
    expect(await scene.buy(some.late)).toMatchObject({ __typename: 'ProductsReserved' })
    expect(await buyersOf(some.saleId)).toEqual([null, null])
    expect(await scene.buy(each.late)).toEqual(onlyLeft(each.hot, 0))
  })

  it('is forgotten in one go, however many they are', async () => {
    const { market, goods, startSale, rows } = scene
    const many = bounds.flashSaleBuyersForgottenMax + 1
    const saleId = await startSale(await goods(), { units: many })
    await rows(
      `WITH reserved AS (
         INSERT INTO reservation (id, checkout_id, state, created_at)
         SELECT $1::text || n, $1::text || n, 'CONFIRMED', $2::timestamptz FROM generate_series(1, $3::integer) AS n RETURNING id)
       INSERT INTO flash_sale_claim (reservation_id, flash_sale_id, buyer_id, quantity) SELECT id, $1, id, 1 FROM reserved`,
      saleId,
      market.clock.now(),
      many,
    )
    market.clock.advance(24 * bounds.flashSaleBuyersKeptDays * hour + 2 * hour)
    await market.subgraph.work()
    expect(new Set(await buyersOf(saleId))).toEqual(new Set([null]))
  })

  it('is forgotten some time after it, and not before', async () => {
    const hot = await scene.goods()
    const saleId = await scene.startSale(hot, { units: 5 })
    const buyerId = newId('account')
    const id = checkoutId()
    await scene.buy({ id, buyerId, lines: [one(hot)] })
    await confirm(scene.market, id)
    await scene.pass(24 * bounds.flashSaleBuyersKeptDays)
    expect(await buyersOf(saleId)).toEqual([buyerId])
    await scene.pass(2)
    expect(await buyersOf(saleId)).toEqual([null])
    expect(await scene.countsOf(saleId)).toEqual({ state: 'ENDED', taken: 1, sold: 1 })
  })
})
