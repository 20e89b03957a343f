import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { add, change, chosen, makePlain, makeShirt, namesOf, option, pageOf, setOptions, shirtOf } from './options-scene.ts'
import { holdBack, makeShop, startMarket, untilWaiting, type TestMarket, type TestShop } from './support.ts'

let market: TestMarket
let shop: TestShop
beforeAll(async () => {
  market = await startMarket()
  shop = await makeShop(market)
})
afterAll(() => market.stop())

/** A shirt's options with other words; what is renamed says what it was. */
const renamed = [
  { name: 'Kelir', was: 'Warna', values: [{ name: 'Merah tua', was: 'merah' }, { name: 'Biru' }] },
  option('Ukuran', ['M', 'L']),
]

const done = { __typename: 'SetProductOptionsSuccess' }

describe('the options of a product on sale', () => {
  it('are renamed for all its variants at once, of which everyone is told', async () => {
    const shirt = await makeShirt(market, shop)
    const before = await pageOf(market, shirt.productId)
    expect(await setOptions(market, shop, { productId: shirt.productId, options: renamed })).toEqual(done)
    const page = await pageOf(market, shirt.productId)
    expect(page.options[0]).toEqual({ name: 'Kelir', values: ['Merah tua', 'Biru'] })
    expect(page.variants.map(({ name }) => name)).toEqual(['Merah tua, M', 'Merah tua, L', 'Biru, M'])
    expect(page.variants[0]!.selectedOptions[0]).toEqual({ name: 'Kelir', value: 'Merah tua' })
    expect(page.version).toBe(before.version + 1)
    expect(page.variants.map(({ version }, place) => version - before.variants[place]!.version)).toEqual([1, 1, 0])
    await market.settle()
    const told = shirt.variantIds.map((id) => market.published.findLast(({ aggregateId }) => aggregateId === id)?.payload)
    expect(told).toMatchObject([{ variantName: 'Merah tua, M' }, { variantName: 'Merah tua, L' }, { variantName: 'Biru, M' }])
  })

  it('stay as they are when the same is said again', async () => {
    const shirt = await makeShirt(market, shop)
    for (let time = 0; time < 2; time += 1)
      expect(await setOptions(market, shop, { productId: shirt.productId, options: renamed })).toEqual(done)
    expect(await namesOf(market, shop, shirt)).toEqual(['Merah tua, M', 'Merah tua, L', 'Biru, M'])
  })

  it('may exchange the names of two values, and their own order', async () => {
    const shirt = await makeShirt(market, shop)
    const values = [
      { name: 'Biru', was: 'Merah' },
      { name: 'Merah', was: 'Biru' },
    ]
    const colours = { name: 'Warna', values }
    const say = (options: object[]) => setOptions(market, shop, { productId: shirt.productId, options })
    expect(await say([colours, option('Ukuran', ['M', 'L'])])).toEqual(done)
    expect(await namesOf(market, shop, shirt)).toEqual(['Biru, M', 'Biru, L', 'Merah, M'])
    expect(await say([option('Ukuran', ['L', 'M']), colours])).toEqual(done)
    expect(await namesOf(market, shop, shirt)).toEqual(['M, Merah', 'L, Merah', 'M, Biru'])
  })

  it('lose no value that a variant has, also one that is off, and show which', async () => {
    const shirt = await makeShirt(market, shop)
    const [, , blue] = shirt.variantIds
    await change(market, shop, { variantId: blue, active: false })
    const input = { productId: shirt.productId, options: [option('Warna', ['Merah', 'Hijau']), option('Ukuran', ['M', 'L'])] }
    const before = await pageOf(market, shirt.productId, { as: shop.seller })
    expect(await setOptions(market, shop, input)).toMatchObject({
      __typename: 'OptionsMismatch',
      field: 'variants',
      options: [{ values: ['Merah', 'Hijau'] }, {}],
      variantIds: [blue],
    })
    expect(await pageOf(market, shirt.productId, { as: shop.seller })).toEqual(before)
    const variants = [{ variantId: blue, options: chosen('Hijau', 'M') }]
    expect(await setOptions(market, shop, { ...input, variants })).toEqual(done)
    expect(await namesOf(market, shop, shirt)).toEqual(['Merah, M', 'Merah, L', 'Hijau, M'])
  })

  it('make no two variants the same', async () => {
    const shirt = await makeShirt(market, shop)
    const [redM, redL] = shirt.variantIds
    const { productId } = shirt
    expect(await setOptions(market, shop, { productId, options: [option('Warna', ['Merah', 'Biru'])] })).toEqual({
      __typename: 'OptionsTaken',
      code: 'OPTIONS_TAKEN',
      values: ['Merah'],
      variantId: redM,
    })
    const variants = [{ variantId: redL, options: chosen('Merah', 'M') }]
    const options = [option('Warna', ['Merah', 'Biru']), option('Ukuran', ['M', 'L'])]
    expect(await setOptions(market, shop, { productId, options, variants })).toMatchObject({ __typename: 'OptionsTaken' })
    expect(await namesOf(market, shop, shirt)).toEqual(['Merah, M', 'Merah, L', 'Biru, M'])
  })

  it('come to variants that have names, and go from them, who keep what they are called', async () => {
    const plain = await makePlain(market, shop, ['Kecil merah', 'Besar merah'])
    const [small, large] = plain.variantIds
    const input = { productId: plain.productId, options: [option('Ukuran', ['S', 'L'])] }
    expect(await setOptions(market, shop, input)).toMatchObject({ __typename: 'OptionsMismatch', variantIds: [small, large] })
    const variants = [
      { variantId: large, options: [{ name: 'Ukuran', value: 'L' }] },
      { variantId: small, options: [{ name: 'Ukuran', value: 'S' }] },
    ]
    expect(await setOptions(market, shop, { ...input, variants })).toEqual(done)
    expect(await namesOf(market, shop, plain)).toEqual(['S', 'L'])
    expect(await setOptions(market, shop, { productId: plain.productId, options: [] })).toEqual(done)
    expect(await pageOf(market, plain.productId, { as: shop.seller })).toMatchObject({
      options: [],
      variants: [
        { name: 'S', selectedOptions: [] },
        { name: 'L', selectedOptions: [] },
      ],
    })
    expect(await change(market, shop, { variantId: small, name: 'Kecil' })).toMatchObject({ variant: { name: 'Kecil' } })
  })

  it('are their seller’s to say, of the version that was seen, and of its own variants', async () => {
    const shirt = await makeShirt(market, shop)
    const other = await makeShirt(market, shop)
    const input = { productId: shirt.productId, options: renamed }
    const { productId } = shirt
    expect(await setOptions(market, await makeShop(market), input)).toEqual({ __typename: 'ProductNotFound' })
    expect(await setOptions(market, shop, { ...input, productId: newId('product') })).toEqual({ __typename: 'ProductNotFound' })
    const { version } = await pageOf(market, productId)
    expect(await setOptions(market, shop, { ...input, expectedVersion: version - 1 })).toEqual({
      __typename: 'StaleProduct',
      version,
    })
    const variants = [{ variantId: other.variantIds[0], options: chosen('Biru', 'L') }]
    const missing = { __typename: 'VariantNotFound', variantId: other.variantIds[0] }
    expect(await setOptions(market, shop, { ...input, variants })).toEqual(missing)
    expect(await namesOf(market, shop, shirt)).toEqual(await namesOf(market, shop, other))
  })
})

describe('two who change a product at once', () => {
  it('never leave a variant with a value that the other one has taken away', async () => {
    const shirt = await makeShirt(market, shop)
    const { productId } = shirt
    const options = [option('Warna', ['Merah', 'Biru']), option('Ukuran', ['M', 'L'])]
    expect(
      await setOptions(market, shop, { productId, options: [option('Warna', ['Merah', 'Biru', 'Hijau']), options[1]!] }),
    ).toEqual(done)
    const free = await holdBack(market, shirt.variantIds[0]!)
    const taking = setOptions(market, shop, { productId, options })
    await untilWaiting(market, 1)
    const adding = add(market, shop, { productId, variant: shirtOf('Hijau', 'L') })
    await untilWaiting(market, 2)
    await free()
    expect([await taking, await adding]).toMatchObject([done, { __typename: 'OptionsMismatch', field: 'variant.options' }])
  })

  it('never make two variants the same', async () => {
    const { variantIds } = await makeShirt(market, shop)
    const options = chosen('Biru', 'L')
    const free = await holdBack(market, variantIds[0]!)
    const first = change(market, shop, { variantId: variantIds[0], options })
    await untilWaiting(market, 1)
    const second = change(market, shop, { variantId: variantIds[1], options })
    await untilWaiting(market, 2)
    await free()
    expect([await first, await second]).toMatchObject([
      { variant: { name: 'Biru, L' } },
      { __typename: 'OptionsTaken', variantId: variantIds[0] },
    ])
  })

  it('end in a whole product, however many they are', async () => {
    const shirt = await makeShirt(market, shop)
    const { productId, variantIds } = shirt
    const other = { name: 'Warna', values: [{ name: 'Merah' }, { name: 'Nila', was: 'Biru' }] }
    const back = { name: 'Warna', values: [{ name: 'Merah' }, { name: 'Biru', was: 'Nila' }] }
    const sizes = option('Ukuran', ['M', 'L'])
    await Promise.all([
      ...[other, back, other, back].map((colours) => setOptions(market, shop, { productId, options: [colours, sizes] })),
      ...['Biru', 'Nila', 'Biru'].map((colour) => add(market, shop, { productId, variant: shirtOf(colour, 'L') })),
      ...variantIds.map((variantId) => change(market, shop, { variantId, options: [{ name: 'Ukuran', value: 'L' }] })),
    ])
    const { options, variants } = await pageOf(market, productId, { as: shop.seller })
    for (const { name, selectedOptions } of variants) {
      expect(selectedOptions.map(({ value }) => value).join(', ')).toBe(name)
      expect(selectedOptions.every(({ value }, place) => options[place]!.values.includes(value))).toBe(true)
    }
    expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length)
  })
})

describe('the database', () => {
  it('refuses by itself a combination twice, a value that there is not, and a variant without values', async () => {
    const { productId, variantIds } = await makeShirt(market, shop)
    const write = (sql: string, ...values: unknown[]) => market.database.query(sql, values)
    const choose = (choice: readonly string[]) => write('UPDATE variant SET choice = $2 WHERE id = $1', variantIds[0], choice)
    await expect(choose(['Biru', 'M'])).rejects.toMatchObject({ code: '23505', constraint: 'variant_choice_once' })
    for (const choice of [['Ungu', 'M'], ['Merah'], ['M', 'Merah'], []])
      await expect(choose(choice)).rejects.toMatchObject({ code: '23514' })
    const offered = [
      { name: 'Warna', values: ['Merah'] },
      { name: 'Ukuran', values: ['M', 'L'] },
    ]
    const offer = write('UPDATE product SET options = $2 WHERE id = $1', productId, JSON.stringify(offered))
    await expect(offer).rejects.toMatchObject({ code: '23514' })
  })
})
