import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { add, change, chosen, makePlain, makeShirt, namesOf, option, pageOf, shirt, shirtOf } from './options-scene.ts'
import { act, makeDraft, makeProduct, makeShop, read, reserve, startMarket, variantInput } from './support.ts'
import { checkoutId, type TestMarket, type TestShop } from './support.ts'

let market: TestMarket
let shop: TestShop
beforeAll(async () => {
  market = await startMarket()
  shop = await makeShop(market)
})
afterAll(() => market.stop())

describe('a product with options', () => {
  it('calls its variants by their values, and a page finds the one that was chosen', async () => {
    const { productId, variantIds } = await makeShirt(market, shop)
    const page = await pageOf(market, productId, { selected: chosen('Merah', 'L') })
    expect(page.options).toEqual([
      { name: 'Warna', values: ['Merah', 'Biru'] },
      { name: 'Ukuran', values: ['M', 'L'] },
    ])
    expect(page.variants.map(({ name }) => name)).toEqual(['Merah, M', 'Merah, L', 'Biru, M'])
    expect(page.variants[2]!.selectedOptions).toEqual(chosen('Biru', 'M'))
    expect(page.variantBySelectedOptions).toEqual({ id: variantIds[1] })
  })

  it('is found by what was chosen in whatever order, case and form of letters, and by nothing less or else', async () => {
    const { productId, variantIds } = await makeShirt(market, shop)
    const find = async (selected: { name: string; value: string }[]) =>
      (await pageOf(market, productId, { selected })).variantBySelectedOptions?.id
    expect(await find([...chosen(' BIRU ', 'ｍ')].toReversed())).toBe(variantIds[2])
    expect(await find(chosen('Biru', 'L'))).toBeUndefined()
    expect(await find(chosen('Hijau', 'M'))).toBeUndefined()
    expect(await find(chosen('Biru', 'M').slice(1))).toBeUndefined()
    expect(await find([chosen('Biru', 'M')[0]!, chosen('Merah', 'M')[0]!])).toBeUndefined()
  })

  it('is asked for by no more and no longer words than there can be', async () => {
    const { productId: id } = await makeShirt(market, shop)
    const query = `query ($id: ID!, $selected: [SelectedOptionInput!]!) { product(id: $id) { variantBySelectedOptions(selected: $selected) { id } } }`
    const long = { name: 'Warna', value: 'a'.repeat(51) }
    for (const [selected, field] of [
      [Array.from({ length: 3 }, () => chosen('Merah', 'M')[0]), 'selected'],
      [[long], 'selected.value'],
    ] as const)
      expect((await market.execute({ query, variables: { id, selected } })).errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field,
      })
  })

  it('shows only its seller the values and the variants that are not offered', async () => {
    const { productId, variantIds } = await makeShirt(market, shop)
    await change(market, shop, { variantId: variantIds[2], active: false })
    const look = (as?: TestShop['seller']) => pageOf(market, productId, { ...(as && { as }), selected: chosen('Biru', 'M') })
    const guest = await look()
    expect(guest.options[0]).toEqual({ name: 'Warna', values: ['Merah'] })
    expect(guest.variantBySelectedOptions).toBeNull()
    expect(await look((await makeShop(market)).seller)).toEqual(guest)
    const seller = await look(shop.seller)
    expect(seller.options[0]).toEqual({ name: 'Warna', values: ['Merah', 'Biru'] })
    expect(seller.variantBySelectedOptions).toEqual({ id: variantIds[2] })
  })

  it('keeps the ways to write a value apart that mean different things', async () => {
    const { productId } = await makeProduct(market, shop, {
      options: [option('Isi', ['A, B', 'A']), option('Rasa', ['C', 'B, C'])],
      variants: [
        ['A, B', 'C'],
        ['A', 'B, C'],
      ].map(([contents, taste]) => ({
        ...shirtOf('', ''),
        options: [
          { name: 'Isi', value: contents },
          { name: 'Rasa', value: taste },
        ],
      })),
    })
    const selected = [
      { name: 'Isi', value: 'A' },
      { name: 'Rasa', value: 'B, C' },
    ]
    const page = await pageOf(market, productId, { selected })
    expect(page.variants.map(({ name }) => name)).toEqual(['A, B, C', 'A, B, C'])
    expect(page.variantBySelectedOptions).toEqual({ id: page.variants[1]!.id })
  })

  it('costs one statement for a list of pages, which their variants cost as well', async () => {
    for (let time = 0; time < 3; time += 1) await makeShirt(market, shop)
    const costOf = async (fields: string) => {
      const before = market.statements.length
      await read(market, `{ products(first: 100) { edges { node { id ${fields} } } } }`)
      return market.statements.length - before
    }
    const plain = await costOf('title')
    expect(await costOf('options { name values }')).toBe(plain + 1)
    const variants = 'variants { name selectedOptions { name value } picture { url } }'
    const found = 'variantBySelectedOptions(selected: [{ name: "Ukuran", value: "M" }, { name: "Warna", value: "Biru" }]) { id }'
    expect(await costOf(`options { name values } ${found} ${variants}`)).toBe(plain + 1)
  })

  it.each<readonly [string, Record<string, unknown>, string]>([
    ['three options', { options: ['A', 'B', 'C'].map((name) => option(name, ['1'])) }, 'options'],
    ['an option twice', { options: [option('Warna', ['A']), option(' warna', ['B'])] }, 'options.name'],
    ['no values', { options: [option('Warna', [])] }, 'options.values'],
    [
      '101 values',
      {
        options: [
          option(
            'Warna',
            Array.from({ length: 101 }, (_, place) => `${place}`),
          ),
        ],
      },
      'options.values',
    ],
    ['a value of 51 characters', { options: [option('Warna', ['a'.repeat(51)])] }, 'options.values.name'],
    ['a value of nothing to see', { options: [option('Warna', ['\u200B'])] }, 'options.values.name'],
    ['a value in two cases', { options: [option('Warna', ['Merah', 'MERAH'])] }, 'options.values.name'],
    ['a value with two blanks', { options: [option('Warna', ['Biru tua', 'Biru  tua'])] }, 'options.values.name'],
    ['a value in two Unicode forms', { options: [option('Warna', ['Cafe\u0301', 'Caf\u00E9'])] }, 'options.values.name'],
    ['a value in two widths', { options: [option('Ukuran', ['XL', 'ＸＬ'])] }, 'options.values.name'],
    ['a value with what nobody sees', { options: [option('Ukuran', ['XL', 'X\u200BL'])] }, 'options.values.name'],
    ['a variant of no value', { variants: [{ ...shirtOf('Merah', 'M'), options: [] }] }, 'variants.options'],
    [
      'a variant of half',
      { variants: [{ ...shirtOf('Merah', 'M'), options: chosen('Merah', 'M').slice(1) }] },
      'variants.options',
    ],
    ['a value that is not there', { variants: [shirtOf('Ungu', 'M')] }, 'variants.options'],
    ['a combination twice', { variants: [shirtOf('Merah', 'M'), shirtOf('merah', 'm')] }, 'variants.options'],
    ['a name beside values', { variants: [{ ...shirtOf('Merah', 'M'), name: 'Merah' }] }, 'variants.name'],
    ['values without options', { options: [], variants: [shirtOf('Merah', 'M')] }, 'variants.options'],
    ['neither name nor values', { options: [], variants: [{ ...shirtOf('', ''), options: [] }] }, 'variants.name'],
  ])('is not made with %s', async (_, wrong, field) => {
    const { shopId, categoryId, seller: as } = shop
    const input = {
      shopId,
      categoryId,
      title: 'Kaus',
      description: '',
      options: shirt,
      variants: [shirtOf('Merah', 'M')],
      ...wrong,
    }
    const query = `mutation ($input: CreateProductInput!) { createProduct(input: $input) { __typename } }`
    for (const locale of ['id', 'en'] as const) {
      const { errors } = await market.execute({ query, variables: { input }, as, locale })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field, expected: expect.any(String) })
    }
  })
})

describe('a variant of a product with options', () => {
  it('is added as a combination that is not there yet, also not one that is off', async () => {
    const { productId, variantIds } = await makeShirt(market, shop)
    await change(market, shop, { variantId: variantIds[2], active: false })
    const taken = { __typename: 'OptionsTaken', code: 'OPTIONS_TAKEN', values: ['Biru', 'M'], variantId: variantIds[2] }
    expect(await add(market, shop, { productId, variant: shirtOf('biru', 'm') })).toEqual(taken)
    expect(await add(market, shop, { productId, variant: shirtOf('Biru', 'L') })).toMatchObject({ variant: { name: 'Biru, L' } })
  })

  it('needs one value of each option and no name, and is told which options there are', async () => {
    const { productId, variantIds } = await makeShirt(market, shop)
    const mismatch = (field: string) => ({
      __typename: 'OptionsMismatch',
      code: 'OPTIONS_MISMATCH',
      field,
      options: [
        { name: 'Warna', values: ['Merah', 'Biru'] },
        { name: 'Ukuran', values: ['M', 'L'] },
      ],
      variantIds: [],
    })
    expect(await add(market, shop, { productId, variant: variantInput() })).toEqual(mismatch('variant.name'))
    expect(await add(market, shop, { productId, variant: shirtOf('Hijau', 'M') })).toEqual(mismatch('variant.options'))
    const [variantId] = variantIds
    expect(await change(market, shop, { variantId, name: 'Hitam' })).toEqual(mismatch('name'))
    for (const options of [[{ name: 'Warna', value: 'Hijau' }], [{ name: 'Bahan', value: 'Katun' }]])
      expect(await change(market, shop, { variantId, options })).toEqual(mismatch('options'))
    expect(await namesOf(market, shop, { productId, variantIds })).toEqual(['Merah, M', 'Merah, L', 'Biru, M'])
  })

  it('becomes another value of one option, and nothing that another variant is', async () => {
    const { variantIds, productId } = await makeShirt(market, shop)
    const options = [{ name: 'ukuran', value: 'l' }]
    expect(await change(market, shop, { variantId: variantIds[2], options })).toMatchObject({ variant: { name: 'Biru, L' } })
    const taken = { __typename: 'OptionsTaken', values: ['Merah', 'L'], variantId: variantIds[1] }
    expect(await change(market, shop, { variantId: variantIds[0], options })).toMatchObject(taken)
    await market.settle()
    const event = market.published.findLast(({ aggregateId }) => aggregateId === variantIds[2])
    expect(event?.payload).toMatchObject({ productId, variantName: 'Biru, L' })
  })

  it('is a bundle as any other', async () => {
    const { productId } = await makeShirt(market, shop)
    const part = await makeProduct(market, shop, { units: 4 })
    const { variant } = (await add(market, shop, { productId, variant: shirtOf('Biru', 'L') })) as { variant: { id: string } }
    const components = [{ variantId: part.variantIds[0], quantity: 2 }]
    await act(market, shop.seller, ['setBundle', { variantId: variant.id, components }])
    const reserved = await reserve(market, checkoutId(), [{ variantId: variant.id, quantity: 2 }])
    expect(reserved['__typename']).toBe('ProductsReserved')
    expect((await pageOf(market, productId)).options[1]!.values).toEqual(['M', 'L'])
  })
})

describe('a product without options', () => {
  it('goes on as it was', async () => {
    const { productId, variantIds } = await makePlain(market, shop, ['Merah, XL', 'Merah, XL'])
    const page = await pageOf(market, productId, { as: shop.seller })
    expect(page).toMatchObject({ options: [], variantBySelectedOptions: null, variants: [{ selectedOptions: [] }, {}] })
    expect(await change(market, shop, { variantId: variantIds[0], name: 'Biru' })).toMatchObject({ variant: { name: 'Biru' } })
    const mismatch = { __typename: 'OptionsMismatch', field: 'options', options: [] }
    expect(await change(market, shop, { variantId: variantIds[0], options: chosen('Biru', 'M') })).toMatchObject(mismatch)
    expect(await add(market, shop, { productId, variant: shirtOf('Biru', 'M') })).toMatchObject({
      ...mismatch,
      field: 'variant.options',
    })
  })
})

describe('the picture of a variant', () => {
  const pictures = `query ($id: ID!) { product(id: $id) { variants { picture { url altText } } } }`
  const own = { url: '/pictures/merah.svg', altText: 'Papan ketik merah' }
  const main = { url: '/pictures/keyboard.svg', altText: 'Papan ketik hitam' }

  it('is its own or the main one of its product, on the page and in orders', async () => {
    const variants = [variantInput({ picture: own }), variantInput()]
    const { productId, variantIds } = await makeProduct(market, shop, { variants })
    const look = async () => (await read(market, pictures, { variables: { id: productId } }))['product']
    expect(await look()).toEqual({ variants: [{ picture: own }, { picture: main }] })
    const lines = variantIds.map((variantId) => ({ variantId, quantity: 1 }))
    const reserved = (await reserve(market, checkoutId(), lines))['lines'] as { variantId: string; imageUrl: string }[]
    expect(variantIds.map((id) => reserved.find(({ variantId }) => variantId === id)?.imageUrl)).toEqual([own.url, main.url])
    await market.settle()
    expect(market.published.findLast(({ aggregateId }) => aggregateId === variantIds[0])?.payload).toMatchObject({
      imageUrl: own.url,
    })
    await change(market, shop, { variantId: variantIds[1], picture: own })
    await change(market, shop, { variantId: variantIds[0], dropPicture: true })
    expect(await look()).toEqual({ variants: [{ picture: main }, { picture: own }] })
  })

  it('is refused where nobody could open it, and beside its own removal', async () => {
    const { variantIds } = await makeDraft(market, shop)
    for (const [wrong, field] of [
      [{ picture: { url: 'javascript:alert(1)', altText: 'x' } }, 'picture.url'],
      [{ picture: { ...own, altText: '' } }, 'picture.altText'],
      [{ picture: own, dropPicture: true }, 'picture'],
    ] as const) {
      const query = `mutation ($input: ChangeVariantInput!) { changeVariant(input: $input) { __typename } }`
      const variables = { input: { variantId: variantIds[0], ...wrong } }
      const { errors } = await market.execute({ query, variables, as: shop.seller })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
    }
  })
})
