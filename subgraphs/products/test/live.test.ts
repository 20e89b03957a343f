import { newId } from '@pasar/shared/ids'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import type { ExecutionResult } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  checkoutId,
  confirm,
  makeDraft,
  makeProduct,
  makeShop,
  release,
  reserve,
  startMarket,
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

const query = `subscription ($productId: ID!, $variantIds: [ID!], $after: String) { listingChanged(productId: $productId, variantIds: $variantIds, after: $after) {
  cursor occurredAt variantId active price { amount } available variant { sku } product { title } } }`

type Frame = {
  cursor: string
  variantId: string
  active: boolean
  price: { amount: number } | null
  available: number
  product: unknown
  variant: unknown
}

const frameOf = (result: IteratorResult<ExecutionResult>) => {
  expect((result.value as ExecutionResult).errors).toBeUndefined()
  return (result.value as ExecutionResult<{ listingChanged: Frame }>).data!.listingChanged
}

const follow = async (variables: Record<string, unknown>, as?: AccountViewer) => {
  await market.settle()
  return market.subscribe({ query, variables, ...(as && { as }) })
}

describe('who follows a product', () => {
  it('sees each change of price and stock', async () => {
    const { productId, variantIds } = await makeProduct(market, shop, { variants: [variantInput({ price: 10_000 })] })
    const frames = await follow({ productId })
    await act(market, shop.seller, ['changeVariant', { variantId: variantIds[0], price: 12_000 }])
    const checkout = checkoutId()
    await reserve(market, checkout, [{ variantId: variantIds[0]!, quantity: 4 }])
    await market.settle()
    await confirm(market, checkout)
    await market.settle()
    expect(frameOf(await frames.next())).toMatchObject({
      variantId: variantIds[0],
      active: true,
      price: { amount: 12_000 },
      available: 10,
      product: { title: 'Papan ketik nirkabel' },
    })
    expect(frameOf(await frames.next())).toMatchObject({ available: 6 })
    expect(frameOf(await frames.next())).toMatchObject({ available: 6 })
    await frames.return?.()
  })

  it('gets exactly what was missed after a break', async () => {
    const { productId, variantIds } = await makeProduct(market, shop)
    const frames = await follow({ productId })
    const checkout = checkoutId()
    await reserve(market, checkout, [{ variantId: variantIds[0]!, quantity: 1 }])
    await market.settle()
    const { cursor } = frameOf(await frames.next())
    await frames.return?.()
    await release(market, checkout)
    await act(market, shop.seller, ['changeVariant', { variantId: variantIds[0], price: 1_000 }])
    const again = await follow({ productId, after: cursor })
    expect(frameOf(await again.next())).toMatchObject({ available: 10 })
    expect(frameOf(await again.next())).toMatchObject({ price: { amount: 1_000 } })
    await again.return?.()
  })

  it('gets what was missed also where that took it off sale', async () => {
    const { productId, variantIds } = await makeProduct(market, shop)
    const frames = await follow({ productId })
    await act(market, shop.seller, ['changeVariant', { variantId: variantIds[0], price: 9_000 }])
    await market.settle()
    const { cursor } = frameOf(await frames.next())
    await frames.return?.()
    await act(market, shop.seller, ['changeVariant', { variantId: variantIds[0], price: 8_000 }])
    await market.settle()
    await act(market, shop.seller, ['withdrawProduct', { productId }])
    await act(market, shop.seller, ['changeVariant', { variantId: variantIds[0], price: 77_000 }])
    const again = await follow({ productId, after: cursor })
    const nothing = { product: null, variant: null }
    expect(frameOf(await again.next())).toMatchObject({ active: true, price: { amount: 8_000 }, ...nothing })
    for (let frame = 0; frame < 2; frame += 1)
      expect(frameOf(await again.next())).toMatchObject({ active: false, price: null, available: 0, ...nothing })
    await again.return?.()
  })

  it('may follow some variants only', async () => {
    const { productId, variantIds } = await makeProduct(market, shop, { variants: [variantInput(), variantInput()] })
    const frames = await follow({ productId, variantIds: [variantIds[1]] })
    for (const [index, price] of [5_000, 6_000].entries())
      await act(market, shop.seller, ['changeVariant', { variantId: variantIds[index], price }])
    await market.settle()
    expect(frameOf(await frames.next())).toMatchObject({ variantId: variantIds[1], price: { amount: 6_000 } })
    await frames.return?.()
  })

  it('learns that it is off sale, and nothing that the seller does to it afterwards', async () => {
    const { productId, variantIds } = await makeProduct(market, shop)
    const frames = await follow({ productId })
    await act(market, shop.seller, ['withdrawProduct', { productId }])
    await act(market, shop.seller, ['changeVariant', { variantId: variantIds[0], price: 77_000 }])
    await market.settle()
    const gone = { active: false, price: null, available: 0, product: null, variant: null }
    expect(frameOf(await frames.next())).toMatchObject(gone)
    expect(frameOf(await frames.next())).toMatchObject(gone)
    await frames.return?.()
  })

  it('learns that a variant is off, and only its seller what it has become', async () => {
    const { productId, variantIds } = await makeProduct(market, shop, { variants: [variantInput(), variantInput()] })
    const [byGuest, bySeller] = [await follow({ productId }), await follow({ productId }, shop.seller)]
    const change = { variantId: variantIds[0], active: false, price: 99_000, sku: 'RAHASIA' }
    expect((await act(market, shop.seller, ['changeVariant', change]))['__typename']).toBe('ChangeVariantSuccess')
    await market.settle()
    const off = { variantId: variantIds[0], active: false, price: null, product: { title: 'Papan ketik nirkabel' } }
    expect(frameOf(await byGuest.next())).toMatchObject({ ...off, variant: null })
    expect(frameOf(await bySeller.next())).toMatchObject({ ...off, variant: { sku: 'RAHASIA' } })
    await byGuest.return?.()
    await bySeller.return?.()
  })

  it('cannot follow drafts, nonsense or with a cursor of elsewhere', async () => {
    const { productId } = await makeDraft(market, shop)
    const wrong = [
      { productId },
      { productId: 'x' },
      { productId: newId('product') },
      { productId, after: 'x' },
      { productId, after: 'START' },
      { productId, variantIds: [] },
    ]
    for (const variables of wrong) {
      const result = (await (await follow(variables)).next()).value as ExecutionResult
      expect(result.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT')
    }
  })
})

describe('the listing that other domains are told', () => {
  it('is the whole present state of the variant', async () => {
    const { productId, variantIds } = await makeProduct(market, shop, {
      variants: [variantInput({ sku: 'LENGKAP', price: 20_000 })],
      units: 7,
    })
    await market.settle()
    const event = market.published.findLast(({ aggregateId }) => aggregateId === variantIds[0])!
    expect(event).toMatchObject({ type: 'ListingChanged', keys: [variantIds[0], productId, shop.shopId] })
    expect(event.payload).toEqual({
      variantId: variantIds[0],
      productId,
      shopId: shop.shopId,
      title: 'Papan ketik nirkabel',
      variantName: 'Merah',
      sku: 'LENGKAP',
      price: 20_000,
      weightGrams: 500,
      lengthMm: 200,
      widthMm: 100,
      heightMm: 50,
      available: 7,
      active: true,
      originRegencyCode: '31.73',
      imageUrl: '/pictures/keyboard.svg',
    })
  })

  it('follows its warehouse to another regency', async () => {
    const own = await makeShop(market)
    const { variantIds } = await makeProduct(market, own)
    await act(market, own.seller, ['changeWarehouse', { warehouseId: own.warehouseIds[0], districtCode: '32.73.01' }])
    await market.settle()
    expect(market.published.findLast(({ aggregateId }) => aggregateId === variantIds[0])?.payload).toMatchObject({
      originRegencyCode: '32.73',
    })
  })
})
