import { newId } from '@pasar/shared/ids'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  act,
  makeCategory,
  makeDraft,
  makeProduct,
  makeShop,
  read,
  reserve,
  startMarket,
  text,
  unique,
  variantInput,
  warehouseInput,
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

describe('categories', () => {
  it('form a tree with breadcrumbs in both languages', async () => {
    const topId = await makeCategory(market, { name: 'Elektronik', englishName: 'Electronics' })
    const childId = await makeCategory(market, { name: 'Komputer', englishName: 'Computers', parentId: topId })
    const query = `query ($id: ID!) { category(id: $id) { name parent { id } breadcrumbs { name } } }`
    const english = await read(market, query, { variables: { id: childId } })
    expect(english['category']).toEqual({
      name: 'Computers',
      parent: { id: topId },
      breadcrumbs: [{ name: 'Electronics' }, { name: 'Computers' }],
    })
    const indonesian = await read(market, query, { variables: { id: childId }, locale: 'id' })
    expect(text(indonesian, 'category', 'name')).toBe('Komputer')
    const children = await read(market, `query ($id: ID!) { categories(parentId: $id) { edges { node { id } } } }`, {
      variables: { id: topId },
    })
    expect(children['categories']).toEqual({ edges: [{ node: { id: childId } }] })
  })

  it('cannot have two siblings of one name, an unknown parent, or seven levels', async () => {
    const parentId = await makeCategory(market)
    await makeCategory(market, { name: 'Topi', parentId })
    const again = await act(market, market.admin, [
      'createCategory',
      { name: ' topi ', parentId },
      '... on CategoryExists { code message }',
    ])
    expect(again).toEqual({
      __typename: 'CategoryExists',
      code: 'CATEGORY_EXISTS',
      message: 'A category of this name is already there.',
    })
    const orphan = await act(market, market.admin, ['createCategory', { name: 'Topi', parentId: newId('category') }])
    expect(orphan['__typename']).toBe('CategoryNotFound')
    let deepest = parentId
    for (let level = 2; level <= 6; level += 1) deepest = await makeCategory(market, { parentId: deepest })
    expect(
      (await act(market, market.admin, ['createCategory', { name: 'Terlalu dalam', parentId: deepest }]))['__typename'],
    ).toBe('CategoryTooDeep')
  })

  it('are told of what is reserved, from the topmost down to its own', async () => {
    const top = await makeCategory(market)
    const own = await makeCategory(market, { parentId: top })
    const { variantIds } = await makeProduct(market, shop, { categoryId: own })
    const reserved = await reserve(market, newId('checkout'), [{ variantId: variantIds[0]!, quantity: 1 }])
    expect(reserved['lines']).toMatchObject([{ categoryId: own, categoryPath: [top, own] }])
  })

  it('are made by admins only, and each one is in the audit trail', async () => {
    const query = `mutation { createCategory(input: { name: "Buku" }) { __typename } }`
    const bySeller = await market.execute({ query, as: shop.seller })
    expect(bySeller.errors?.[0]?.extensions['code']).toBe('FORBIDDEN')
    const categoryId = await makeCategory(market)
    await market.settle()
    const { accountId: actorId } = market.admin
    const payload = { actorId, action: 'createCategory', subjectId: categoryId, reason: null }
    expect(market.published).toContainEqual(expect.objectContaining({ type: 'StaffActed', aggregateId: actorId, payload }))
  })
})

describe('warehouses', () => {
  it('lie in real districts, and the regency follows', async () => {
    const query = `query ($id: ID!) { warehouse(id: $id) {
      regencyCode districtCode district { name regency { name province { name } } } postalCode phone shop { id } } }`
    const data = await read(market, query, { as: shop.seller, variables: { id: shop.warehouseIds[0] } })
    expect(data['warehouse']).toEqual({
      regencyCode: '31.73',
      districtCode: '31.73.05',
      district: {
        name: 'Kebon Jeruk',
        regency: { name: 'Kota Administrasi Jakarta Barat', province: { name: 'Daerah Khusus Ibukota Jakarta' } },
      },
      postalCode: '11530',
      phone: '081234567890',
      shop: { id: shop.shopId },
    })
  })

  it.each([
    ['districtCode', '31.73.99'],
    ['postalCode', '1153'],
    ['phone', 'call me'],
    ['street', ' '],
  ])('refuse a wrong %s', async (field, value) => {
    const input = { ...warehouseInput, shopId: shop.shopId, [field]: value }
    const query = `mutation ($input: CreateWarehouseInput!) { createWarehouse(input: $input) { __typename } }`
    const { errors } = await market.execute({ query, variables: { input }, as: shop.seller })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  it('are at most fifty of a shop, also when many are made at once', async () => {
    const { shopId, seller } = await makeShop(market, [])
    const make = () =>
      act(market, seller, ['createWarehouse', { ...warehouseInput, shopId }, '... on TooManyWarehouses { most }'])
    const results = await Promise.all(Array.from({ length: 60 }, make))
    expect(results.filter(({ __typename }) => __typename === 'CreateWarehouseSuccess')).toHaveLength(50)
    expect(results).toContainEqual({ __typename: 'TooManyWarehouses', most: 50 })
  })

  it('are changed by their shop and seen by nobody else', async () => {
    const stranger = (await makeShop(market)).seller
    const input = { warehouseId: shop.warehouseIds[0], contactName: 'Sari' }
    expect((await act(market, stranger, ['changeWarehouse', input]))['__typename']).toBe('WarehouseNotFound')
    const changed = await act(market, shop.seller, [
      'changeWarehouse',
      input,
      '... on ChangeWarehouseSuccess { warehouse { contactName name } }',
    ])
    expect(changed['warehouse']).toEqual({ contactName: 'Sari', name: 'Gudang utama' })
    const entities = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Warehouse { street } } }`
    const variables = { r: [{ __typename: 'Warehouse', id: shop.warehouseIds[0] }] }
    expect((await market.execute({ query: entities, variables, as: stranger })).data).toEqual({ _entities: [null] })
    const list = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Shop { warehouses { edges { node { id } } } } } }`
    const shops = { r: [{ __typename: 'Shop', id: shop.shopId }] }
    expect((await market.execute({ query: list, variables: shops, as: stranger })).data).toEqual({
      _entities: [{ warehouses: null }],
    })
    const mine = await market.execute({ query: list, variables: shops, as: shop.seller })
    expect(mine.data).toEqual({ _entities: [{ warehouses: { edges: [{ node: { id: shop.warehouseIds[0] } }] } }] })
  })
})

describe('products', () => {
  it('begin as drafts that only their seller sees', async () => {
    const { productId, variantIds } = await makeDraft(market, shop)
    const query = `query ($id: ID!, $r: [_Any!]!) { product(id: $id) { status } _entities(representations: $r) { __typename } }`
    const variables = {
      id: productId,
      r: [
        { __typename: 'Product', id: productId },
        { __typename: 'Variant', id: variantIds[0] },
      ],
    }
    const stranger = accountForTest(['seller', 'support'], [newId('shop')])
    for (const as of [undefined, stranger]) {
      const seen = await market.execute({ query, variables, ...(as && { as }) })
      expect(seen.data).toEqual({ product: null, _entities: [null, null] })
    }
    const own = await market.execute({ query, variables, as: shop.seller })
    expect(own.data).toEqual({ product: { status: 'DRAFT' }, _entities: [{ __typename: 'Product' }, { __typename: 'Variant' }] })
  })

  it('are listed by their shop, drafts for its own accounts only', async () => {
    const own = await makeShop(market)
    const onSale = await makeProduct(market, own)
    const draft = await makeDraft(market, own)
    const query = `query ($r: [_Any!]!, $status: ProductStatus) { _entities(representations: $r) { ... on Shop { products(status: $status) { edges { node { id } } } } } }`
    const ids = async (status: string | null, as?: TestShop['seller']) => {
      const data = await read(market, query, {
        variables: { r: [{ __typename: 'Shop', id: own.shopId }], status },
        ...(as && { as }),
      })
      return (data['_entities'] as { products: { edges: { node: { id: string } }[] } }[])[0]!.products.edges.map(
        ({ node }) => node.id,
      )
    }
    expect(await ids(null, own.seller)).toEqual([draft.productId, onSale.productId])
    expect(await ids('DRAFT', own.seller)).toEqual([draft.productId])
    expect(await ids(null)).toEqual([onSale.productId])
    expect(await ids('DRAFT', shop.seller)).toEqual([])
  })

  it('go on sale only when nothing is missing', async () => {
    const bare = { ...(await makeShop(market, [])) }
    const { productId, variantIds } = await makeDraft(market, bare, { description: '', images: [] })
    await act(market, bare.seller, ['changeVariant', { variantId: variantIds[0], active: false }])
    const refused = await act(market, bare.seller, ['publishProduct', { productId }, '... on ProductIncomplete { missing }'])
    expect(refused).toEqual({ __typename: 'ProductIncomplete', missing: ['DESCRIPTION', 'IMAGE', 'ACTIVE_VARIANT', 'WAREHOUSE'] })
  })

  it('keep on sale what they went on sale with', async () => {
    const { productId, variantIds } = await makeProduct(market, shop, { variants: [variantInput(), variantInput()] })
    const change = (changes: object) =>
      act(market, shop.seller, ['changeProduct', { productId, ...changes }, '... on ProductIncomplete { missing }'])
    const lacks = (...missing: string[]) => ({ __typename: 'ProductIncomplete', missing })
    expect(await change({ images: [] })).toEqual(lacks('IMAGE'))
    expect(await change({ title: 'Kosong', description: ' ', images: [] })).toEqual(lacks('DESCRIPTION', 'IMAGE'))
    const query = `query ($id: ID!) { product(id: $id) { title description images { url } version } }`
    expect((await read(market, query, { variables: { id: productId } }))['product']).toMatchObject({
      title: 'Papan ketik nirkabel',
      description: 'Papan ketik mini untuk televisi.',
      images: [{ url: '/pictures/keyboard.svg' }],
    })
    const off = (variantId: string) =>
      act(market, shop.seller, ['changeVariant', { variantId, active: false }, '... on ProductIncomplete { missing }'])
    const both = await Promise.all(variantIds.map(off))
    expect(both).toContainEqual({ __typename: 'ChangeVariantSuccess' })
    expect(both).toContainEqual(lacks('ACTIVE_VARIANT'))
    await act(market, shop.seller, ['withdrawProduct', { productId }])
    expect(await change({ description: '', images: [] })).toEqual({ __typename: 'ChangeProductSuccess' })
    for (const variantId of variantIds) expect(await off(variantId)).toEqual({ __typename: 'ChangeVariantSuccess' })
  })

  it('may be changed on sale although they lack something from before', async () => {
    const { productId } = await makeProduct(market, shop)
    await market.database.query(`UPDATE product SET images = '[]' WHERE id = $1`, [productId])
    const changed = await act(market, shop.seller, ['changeProduct', { productId, title: 'Tetikus' }])
    expect(changed).toEqual({ __typename: 'ChangeProductSuccess' })
  })

  it('move along the table only', async () => {
    const { productId } = await makeProduct(market, shop)
    const again = await act(market, shop.seller, [
      'publishProduct',
      { productId },
      '... on IllegalProductMove { code status allowed }',
    ])
    expect(again).toEqual({
      __typename: 'IllegalProductMove',
      code: 'ILLEGAL_PRODUCT_MOVE',
      status: 'PUBLISHED',
      allowed: ['DRAFT', 'ARCHIVED'],
    })
    expect((await act(market, shop.seller, ['archiveProduct', { productId }]))['__typename']).toBe('ArchiveProductSuccess')
    expect((await act(market, shop.seller, ['publishProduct', { productId }]))['__typename']).toBe('IllegalProductMove')
    expect((await act(market, shop.seller, ['withdrawProduct', { productId }]))['__typename']).toBe('WithdrawProductSuccess')
  })

  it('vanish for everyone else as soon as they are archived', async () => {
    const { productId } = await makeProduct(market, shop)
    const query = `query ($id: ID!) { product(id: $id) { id } }`
    expect(await read(market, query, { variables: { id: productId } })).toEqual({ product: { id: productId } })
    await act(market, shop.seller, ['archiveProduct', { productId }])
    expect(await read(market, query, { variables: { id: productId } })).toEqual({ product: null })
  })

  it('stay readable to the carts and orders that hold them after they went off sale', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Product { title status } ... on Variant { sku available product { status } } } }`
    for (const [move, status] of [
      ['withdrawProduct', 'DRAFT'],
      ['archiveProduct', 'ARCHIVED'],
    ] as const) {
      const { productId, variantIds } = await makeProduct(market, shop, { title: 'Barang lama' })
      await act(market, shop.seller, [move, { productId }])
      const r = [
        { __typename: 'Product', id: productId },
        { __typename: 'Variant', id: variantIds[0] },
      ]
      expect(await read(market, query, { variables: { r } })).toEqual({
        _entities: [
          { title: 'Barang lama', status },
          { sku: expect.any(String), available: 0, product: { status } },
        ],
      })
    }
  })

  it('are changed by their seller, who notices a change in between', async () => {
    const { productId } = await makeDraft(market, shop)
    const changed = await act(market, shop.seller, [
      'changeProduct',
      { productId, expectedVersion: 1, title: 'Tetikus' },
      '... on ChangeProductSuccess { product { title description version } }',
    ])
    expect(changed['product']).toEqual({ title: 'Tetikus', description: 'Papan ketik mini untuk televisi.', version: 2 })
    const stale = await act(market, shop.seller, [
      'changeProduct',
      { productId, expectedVersion: 1, title: 'Lain' },
      '... on StaleProduct { version }',
    ])
    expect(stale).toEqual({ __typename: 'StaleProduct', version: 2 })
    const stranger = (await makeShop(market)).seller
    expect((await act(market, stranger, ['changeProduct', { productId, title: 'Dicuri' }]))['__typename']).toBe('ProductNotFound')
    expect((await act(market, stranger, ['publishProduct', { productId }]))['__typename']).toBe('ProductNotFound')
  })

  it('are shown no more, by the key of a change, to whoever has made it and helps in the shop no longer', async () => {
    const { variantIds } = await makeProduct(market, shop, { units: 5 })
    const [warehouseId, idempotencyKey] = [shop.warehouseIds[0], newId('movement')]
    const input = { variantId: variantIds[0], warehouseId, delta: 1, reason: 'COUNTED', idempotencyKey }
    const former = accountForTest(['seller'], [newId('shop')])
    const adjust = (as: typeof former) => act(market, as, ['adjustStock', input, '... on AdjustStockSuccess { onHand }'])
    for (let time = 0; time < 2; time += 1)
      expect(await adjust({ ...former, helpedShopIds: [shop.shopId] })).toEqual({ __typename: 'AdjustStockSuccess', onHand: 6 })
    expect(await adjust(former)).toEqual({ __typename: 'VariantNotFound' })
  })

  it('keep each SKU unique within their shop', async () => {
    const sku = unique('SAMA')
    const { productId, variantIds } = await makeDraft(market, shop, { variants: [variantInput({ sku })] })
    const input = {
      shopId: shop.shopId,
      categoryId: shop.categoryId,
      title: 'Lain',
      description: '',
      variants: [variantInput({ sku })],
    }
    const refused = await act(market, shop.seller, ['createProduct', input, '... on SkuTaken { sku message }'])
    expect(refused).toEqual({ __typename: 'SkuTaken', sku, message: `The SKU ${sku} is already used in this shop.` })
    const twice = { ...input, variants: [variantInput({ sku: 'DUA' }), variantInput({ sku: 'DUA' })] }
    expect((await act(market, shop.seller, ['createProduct', twice]))['__typename']).toBe('SkuTaken')
    expect((await act(market, shop.seller, ['addVariant', { productId, variant: variantInput({ sku }) }]))['__typename']).toBe(
      'SkuTaken',
    )
    const other = await act(market, shop.seller, [
      'addVariant',
      { productId, variant: variantInput() },
      '... on AddVariantSuccess { variant { id } }',
    ])
    expect(
      (await act(market, shop.seller, ['changeVariant', { variantId: text(other, 'variant', 'id'), sku }]))['__typename'],
    ).toBe('SkuTaken')
    const elsewhere = await makeShop(market)
    expect((await makeDraft(market, elsewhere, { variants: [variantInput({ sku })] })).variantIds).toHaveLength(variantIds.length)
  })

  it('show the range of their prices, and hide variants that are off', async () => {
    const { productId, variantIds } = await makeProduct(market, shop, {
      variants: [variantInput({ price: 10_000 }), variantInput({ price: 25_000 }), variantInput({ price: 40_000 })],
    })
    await act(market, shop.seller, ['changeVariant', { variantId: variantIds[2], active: false }])
    const query = `query ($id: ID!) { product(id: $id) { minPrice { amount formatted } maxPrice { amount } variants { id price { amount } available } inStock } }`
    const seen = await read(market, query, { variables: { id: productId } })
    expect(seen['product']).toEqual({
      minPrice: { amount: 10_000, formatted: 'Rp10.000' },
      maxPrice: { amount: 25_000 },
      variants: [variantIds[0], variantIds[1]].map((id, index) => ({
        id,
        price: { amount: index === 0 ? 10_000 : 25_000 },
        available: 10,
      })),
      inStock: true,
    })
  })

  it.each([
    ['title', { title: ' ' }],
    ['title', { title: 'x'.repeat(201) }],
    ['description', { description: 'x'.repeat(5_001) }],
    ['images.url', { images: [{ url: 'http://example.com/a.png', altText: 'a' }] }],
    ['images.url', { images: [{ url: 'https://user:secret@example.com/a.png', altText: 'a' }] }],
    ['images.url', { images: [{ url: '/pictures/../secret', altText: 'a' }] }],
    ['images.url', { images: [{ url: 'javascript:alert(1)', altText: 'a' }] }],
    ['images.url', { images: [{ url: 'https://example.com/a\0.png', altText: 'a' }] }],
    ['images.url', { images: [{ url: 'https://example.com/\ud800.png', altText: 'a' }] }],
    ['images.altText', { images: [{ url: '/pictures/a.svg', altText: '' }] }],
    ['images', { images: Array.from({ length: 10 }, () => ({ url: '/pictures/a.svg', altText: 'a' })) }],
    ['variants', { variants: [] }],
    ['variants.price', { variants: [variantInput({ price: 0 })] }],
    ['variants.price', { variants: [variantInput({ price: 10_000_000_001 })] }],
    ['variants.weightGrams', { variants: [variantInput({ weightGrams: 0 })] }],
    ['variants.heightMm', { variants: [variantInput({ heightMm: 10_001 })] }],
    ['categoryId', { categoryId: 'cat_x' }],
  ])('refuse a wrong %s', async (field, changes) => {
    const input = {
      shopId: shop.shopId,
      categoryId: shop.categoryId,
      title: 'Benar',
      description: '',
      variants: [variantInput()],
      ...changes,
    }
    const query = `mutation ($input: CreateProductInput!) { createProduct(input: $input) { __typename } }`
    const { errors } = await market.execute({ query, variables: { input }, as: shop.seller })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  it('are made for one of the viewer’s own shops and a real category', async () => {
    const input = {
      shopId: newId('shop'),
      categoryId: shop.categoryId,
      title: 'Benar',
      description: '',
      variants: [variantInput()],
    }
    expect((await act(market, shop.seller, ['createProduct', input]))['__typename']).toBe('ShopNotYours')
    const lost = { ...input, shopId: shop.shopId, categoryId: newId('category') }
    expect((await act(market, shop.seller, ['createProduct', lost]))['__typename']).toBe('CategoryNotFound')
    const query = `mutation ($input: CreateProductInput!) { createProduct(input: $input) { __typename } }`
    const byGuest = await market.execute({ query, variables: { input } })
    expect(byGuest.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED')
  })
})

it('an answer ends where its lists would hold more than anybody reads, however the lists lead to each other', async () => {
  const variants = Array.from({ length: 100 }, () => variantInput())
  const { productId } = await makeProduct(market, shop, { variants, units: 1 })
  const levels = (count: number) =>
    `query ($id: ID!) { product(id: $id) { ${'variants { product { '.repeat(count)} id ${'} }'.repeat(count)} } }`
  const variables = { id: productId }
  const { data } = await market.execute<{ product: { variants: object[] } }>({ query: levels(2), variables })
  expect(data?.product.variants).toHaveLength(100)
  const { data: none, errors } = await market.execute({ query: levels(3), variables })
  expect([none, errors?.map(({ extensions }) => extensions)]).toEqual([
    { product: null },
    [{ code: 'BAD_USER_INPUT', limit: 'answerEntries', max: 25_000 }],
  ])
})

it('an answer ends whose texts come to more than anybody reads, however short its lists are', async () => {
  const variants = Array.from({ length: 100 }, () => variantInput())
  const { productId } = await makeProduct(market, shop, { variants, units: 1, description: 'x'.repeat(5_000) })
  const ask = (times: number) => {
    const texts = Array.from({ length: times }, (_, index) => `text${index}: description`).join(' ')
    const query = `query ($id: ID!) { product(id: $id) { variants { product { ${texts} } } } }`
    return market.execute<{ product: { variants: object[] } }>({ query, variables: { id: productId } })
  }
  expect((await ask(5)).data?.product.variants).toHaveLength(100)
  const { data, errors } = await ask(15)
  expect([data, errors]).toEqual([
    null,
    [
      {
        message: 'The answer is too long: it has at most 5000000 bytes; ask for less at once',
        extensions: { code: 'BAD_USER_INPUT', limit: 'answerBytes', max: 5_000_000 },
      },
    ],
  ])
})

it('a change whose answer would be too long says that it was made all the same', async () => {
  const variants = Array.from({ length: 100 }, () => variantInput())
  const { productId } = await makeProduct(market, shop, { variants, units: 1, description: 'x'.repeat(5_000) })
  const rename = (title: string, selection: string) => {
    const query = `mutation ($input: ChangeProductInput!) { changeProduct(input: $input) { ... on ChangeProductSuccess { product { ${selection} } } } }`
    return market.execute({ query, variables: { input: { productId, title } }, as: shop.seller })
  }
  const titleNow = async () =>
    text(
      await read(market, 'query ($id: ID!) { product(id: $id) { title } }', { variables: { id: productId } }),
      'product',
      'title',
    )
  const texts = Array.from({ length: 15 }, (_, index) => `text${index}: description`).join(' ')
  const long = await rename('Kain panjang', `variants { product { ${texts} } }`)
  expect(long).toMatchObject({
    data: null,
    errors: [{ extensions: { code: 'BAD_USER_INPUT', limit: 'answerBytes', max: 5_000_000, effectStays: true } }],
  })
  expect(long.errors![0]!.message).toContain('What was done stays done')
  expect(await titleNow()).toBe('Kain panjang')
  const deep = await rename('Kain dalam', `${'variants { product { '.repeat(3)} id ${'} }'.repeat(3)}`)
  expect(deep.errors).toMatchObject([{ extensions: { limit: 'answerEntries', effectStays: true } }])
  expect(await titleNow()).toBe('Kain dalam')
})

it('what fails in more places than anybody reads of is said once', async () => {
  const variants = Array.from({ length: 100 }, () => variantInput())
  const { productId } = await makeProduct(market, shop, { variants, units: 1 })
  const wrong = 'movements(first: 1, after: "x") { edges { cursor } }'
  const ask = (selection: string) =>
    market.execute({
      query: `query ($id: ID!) { product(id: $id) { variants { ${selection} } } }`,
      variables: { id: productId },
      as: accountForTest(),
    })
  expect((await ask(wrong)).errors).toHaveLength(100)
  const { data, errors } = await ask(`product { variants { ${wrong} } }`)
  expect([data, errors]).toMatchObject([null, [{ extensions: { code: 'BAD_USER_INPUT', field: 'after' } }]])
})
