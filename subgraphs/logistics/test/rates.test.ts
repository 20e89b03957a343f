import { newId } from '@pasar/shared/ids'
import type { Locale } from '@pasar/shared/locale'
import { accountForTest } from '@pasar/shared/testing/account'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLogistics } from './logistics-for-test.ts'

let logistics: Awaited<ReturnType<typeof startLogistics>>
beforeAll(async () => {
  logistics = await startLogistics()
})
afterAll(() => logistics.stop())

const ratesQuery = `query ($input: ShippingRatesInput!) { shippingRates(input: $input) {
  courierService { id courier { id name } } cost { amount formatted } chargeableKg etdDaysMin etdDaysMax } }`

interface Rates {
  readonly shippingRates: readonly {
    readonly courierService: { readonly id: string }
    readonly cost: { readonly amount: number }
  }[]
}

const rates = async (input: object, locale: Locale = 'en') => {
  const way = { originRegencyCode: '31.73', destinationRegencyCode: '31.73', weightGrams: 1310 }
  return logistics.execute<Rates>({ query: ratesQuery, variables: { input: { ...way, ...input } }, locale })
}

describe('shipping rates', () => {
  it('are public, cheapest first, and instant couriers stay within the regency', async () => {
    const near = (await rates({})).data!.shippingRates
    expect(near.map(({ courierService }) => courierService.id)).toContain('gosend_instant')
    const amounts = near.map(({ cost }) => cost.amount)
    expect(amounts).toEqual(amounts.toSorted((a, b) => a - b))
    expect(near.find(({ courierService }) => courierService.id === 'jne_reg')).toEqual({
      courierService: { id: 'jne_reg', courier: { id: 'jne', name: 'JNE' } },
      cost: { amount: 18_000, formatted: 'Rp18.000' },
      chargeableKg: 2,
      etdDaysMin: 1,
      etdDaysMax: 2,
    })
    const far = (await rates({ destinationRegencyCode: '73.71' })).data!.shippingRates.map(
      ({ courierService }) => courierService.id,
    )
    expect(far).toContain('jne_reg')
    for (const id of ['gosend_instant', 'grab_same_day', 'jne_yes', 'anteraja_next_day']) expect(far).not.toContain(id)
  })

  it('are read in one statement a minute, however many ask and however many services there are', async () => {
    await rates({})
    logistics.clock.advance(60_000)
    const before = logistics.statements.length
    await Promise.all([rates({}), rates({ weightGrams: 90_000 })])
    await rates({})
    expect(logistics.statements.length - before).toBe(1)
  })

  it.each([
    ['originRegencyCode', '99.99'],
    ['destinationRegencyCode', 'Bandung'],
    ['weightGrams', 0],
    ['weightGrams', 1_000_001],
    ['lengthMm', -1],
    ['heightMm', 10_001],
  ])('answer %s %s with the field and what was expected', async (field, value) => {
    const { errors } = await rates({ [field]: value })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field })
  })

  it.each([
    ['id', 'weightGrams: diharapkan 1 sampai 1000000 gram', '1 sampai 1000000 gram'],
    ['en', 'weightGrams: expected 1 to 1000000 grams', '1 to 1000000 grams'],
  ] as const)('say in %s what was expected', async (locale, message, expected) => {
    const { errors } = await rates({ weightGrams: 0 }, locale)
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT', field: 'weightGrams', expected } }])
  })
})

describe('couriers', () => {
  const query = `query ($first: Int, $after: String) { couriers(first: $first, after: $after) {
    edges { node { id services { id minChargeableKg } } } pageInfo { hasNextPage endCursor } } }`
  interface Couriers {
    readonly couriers: {
      readonly edges: readonly { readonly node: { readonly id: string; readonly services: readonly object[] } }[]
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
    }
  }
  const page = async (variables: object) =>
    (await logistics.execute<Couriers>({ query, variables: { ...variables } })).data!.couriers

  it('come by name, in pages, each of them one statement and their services one a minute', async () => {
    logistics.clock.advance(60_000)
    const before = logistics.statements.length
    const all = await page({})
    expect(logistics.statements.length - before).toBe(2)
    await page({})
    expect(logistics.statements.length - before).toBe(3)
    const first = await page({ first: 4 })
    const rest = await page({ first: 100, after: first.pageInfo.endCursor })
    expect([...first.edges, ...rest.edges]).toEqual(all.edges)
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false])
    const jne = all.edges.find(({ node }) => node.id === 'jne')!.node
    expect(jne.services).toContainEqual({ id: 'jne_jtr', minChargeableKg: 10 })
  })

  it('refuse a cursor that nobody gave, also one that no database could look for', async () => {
    for (const values of [['\0', 'x'], ['x'], [1, 'x']]) {
      const after = Buffer.from(JSON.stringify(values)).toString('base64url')
      const { errors } = await logistics.execute({ query, variables: { after } })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
    }
  })

  it('refuse pages that are too long', async () => {
    const result = await logistics.execute({ query, variables: { first: 101 } })
    expect(result.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' })
  })
})

describe('the groups of a cart', () => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on CartGroup {
    shippingCost { amount } shippingOptions { courierService { id } cost { amount } } } } }`
  const group = (change: object) => ({
    __typename: 'CartGroup',
    id: newId('cartGroup'),
    originRegencyCode: '31.73',
    weightGrams: 1310,
    volumeCubicCm: 24_000,
    courierServiceId: 'jne_reg',
    destination: { __typename: 'Address', id: newId('address'), regencyCode: '32.73' },
    ...change,
  })
  interface Groups {
    readonly _entities: readonly {
      readonly shippingCost: { readonly amount: number } | null
      readonly shippingOptions: readonly object[]
    }[]
  }
  const ask = async (groups: readonly object[]) =>
    (await logistics.execute<Groups>({ query, variables: { r: groups }, as: accountForTest() })).data!._entities

  it('cost what the chosen service asks for their volume, and nothing is known without a choice or a destination', async () => {
    const groups = [
      {},
      { courierServiceId: null },
      { destination: null },
      { courierServiceId: 'gosend_instant' },
      { courierServiceId: 'no_such' },
    ]
    const [chosen, unchosen, nowhere, tooFar, unknown] = await ask(groups.map(group))
    expect(chosen!.shippingCost).toEqual({ amount: 72_000 })
    expect(chosen!.shippingOptions).toEqual(unchosen!.shippingOptions)
    expect(nowhere).toEqual({ shippingCost: null, shippingOptions: [] })
    for (const { shippingCost } of [unchosen!, tooFar!, unknown!]) expect(shippingCost).toBeNull()
  })

  it('are one statement a minute, whether there is one or three', async () => {
    logistics.clock.advance(60_000)
    for (const [groups, statements] of [
      [[group({})], 1],
      [[group({}), group({}), group({})], 0],
    ] as const) {
      const before = logistics.statements.length
      await ask(groups)
      expect(logistics.statements.length - before).toBe(statements)
    }
  })
})

describe('the quote of a checkout', () => {
  const query = `mutation ($input: LogisticsQuoteInput!) { logisticsQuote(input: $input) { __typename
    ... on LogisticsQuoted { groups { shopId courierServiceId serviceName cost etdDaysMin etdDaysMax } }
    ... on LogisticsUnavailable { code shopId reason } } }`
  const [checkoutId, shopId] = [newId('checkout'), newId('shop')]
  const group = {
    shopId,
    courierServiceId: 'jne_reg',
    originRegencyCode: '31.73',
    destinationRegencyCode: '31.74',
    weightGrams: 1300,
    volumeCubicCm: 10,
  }
  const quote = async (change: object) => {
    const variables = { input: { checkoutId, groups: [group, { ...group, ...change }] } }
    return (await logistics.executeAsOrders<{ logisticsQuote: object }>({ query, variables })).data!.logisticsQuote
  }

  it('holds every parcel', async () => {
    const one = { shopId, courierServiceId: 'jne_reg', serviceName: 'JNE Reguler', cost: 12_000, etdDaysMin: 2, etdDaysMax: 3 }
    expect(await quote({ weightGrams: 1301 })).toEqual({ __typename: 'LogisticsQuoted', groups: [one, { ...one, cost: 24_000 }] })
  })

  it.each([
    [{ courierServiceId: 'no_such' }, 'UNKNOWN_SERVICE'],
    [{ destinationRegencyCode: '99.99' }, 'UNKNOWN_REGION'],
    [{ courierServiceId: 'grab_instant' }, 'NOT_OFFERED'],
    [{ courierServiceId: 'sicepat_reg', weightGrams: 50_001 }, 'TOO_HEAVY'],
  ])('with %o is refused: %s', async (change, reason) =>
    expect(await quote(change)).toMatchObject({ code: 'LOGISTICS_UNAVAILABLE', shopId, reason }),
  )

  it('is not for people', async () => {
    const result = await logistics.execute({
      query,
      variables: { input: { checkoutId, groups: [] } },
      as: accountForTest(['admin']),
    })
    expect(result.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' })
  })
})
