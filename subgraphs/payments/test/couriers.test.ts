import type { EventPayloads } from '@pasar/schema/events'
import { newId, type Id } from '@pasar/shared/ids'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { account, brokenRules, openMarket, staff, type Asked, type Market } from './market.ts'
import { returnApproved } from './returning.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterEach(async () => {
  expect(await brokenRules(market.sql)).toEqual([])
})
afterAll(() => market.close())

const balance = async (id: string) => (await market.ledger()).balances[id] ?? 0n
let parcels = 0

/** What logistics tells of an order's parcel; the same parcel has the same tracking number. */
async function ends(asked: Asked, kind: EventPayloads['CourierDueArose']['kind'], courierId: string) {
  const { orderId, shopId, itemsAmount, shippingAmount } = asked.orders[0]!
  const trackingNumber = `JP${(parcels += 1)}`
  const payload = {
    shipmentId: newId('shipment'),
    orderId,
    shopId,
    buyerId: asked.buyerId,
    courierId,
    trackingNumber,
    kind,
    goodsAmount: kind === 'LOST' ? itemsAmount : 0,
    shippingAmount,
  }
  // Twice, as any event may come, and once more as if it had been sent again.
  for (const id of [`logistics:${trackingNumber}`, `logistics:${trackingNumber}`, `logistics:${trackingNumber}-again`])
    await market.deliver('logistics', { id, type: 'CourierDueArose', payload })
  return trackingNumber
}
const paid = async (method = 'BCA_VA', shopId: Id<'shop'> = newId('shop')) => {
  const asked = await market.ask({ method, shopIds: [shopId] })
  if (method !== 'COD') await market.says(asked, 'settlement')
  return asked
}

const admin = staff('admin')
const record = `mutation ($input: RecordCourierStatementInput!) { recordCourierStatement(input: $input) { __typename
  ... on RecordCourierStatementSuccess { statement { id received { amount } lines { trackingNumber matched { amount } outcome } } }
  ... on CourierStatementDoesNotAdd { sum { amount } message } ... on CourierStatementKnown { reference message } ... on IdempotencyKeyReused { code } } }`
interface Recorded {
  readonly __typename: string
  readonly statement?: {
    readonly id: string
    readonly lines: readonly { readonly outcome: string; readonly matched: { amount: number } }[]
  }
}
type Line = readonly [kind: string, trackingNumber: string, amount: number]
const owedByCourier = ['COD', 'LOST_PARCEL']
const statement = async (courierId: string, lines: readonly Line[], rest: object = {}): Promise<Recorded> => {
  const received = lines.reduce((sum, [kind, , amount]) => sum + (owedByCourier.includes(kind) ? amount : -amount), 0)
  const input = {
    courierId,
    reference: newId('movement'),
    received,
    lines: lines.map(([kind, trackingNumber, amount]) => ({ kind, trackingNumber, amount })),
    note: 'Rekening koran',
    idempotencyKey: newId('movement'),
    ...rest,
  }
  const { data, errors } = await market.execute<{ recordCourierStatement: Recorded }>({
    query: record,
    variables: { input },
    as: admin,
  })
  if (!data) throw new Error(errors?.[0]?.message)
  return data.recordCourierStatement
}
const outcomes = ({ statement }: Recorded) => statement!.lines.map(({ outcome, matched }) => [outcome, matched.amount])

const list = `query ($filter: CourierDueFilter) { courierDues(filter: $filter, first: 100, reason: "Tutup buku") {
  edges { node { id kind owedBy state trackingNumber amount { amount } settled { amount } order { id } } } } }`
interface Due {
  readonly id: string
  readonly kind: string
  readonly owedBy: string
  readonly state: string
}
const duesOf = async (courierId: string, filter: object = {}) => {
  type Page = { courierDues: { edges: { node: Due & { amount: { amount: number }; settled: { amount: number } } }[] } }
  const { data, errors } = await market.execute<Page>({
    query: list,
    variables: { filter: { courierId, ...filter } },
    as: staff('support'),
  })
  if (!data) throw new Error(errors?.[0]?.message)
  return data.courierDues.edges.map(({ node }) => node)
}
const shown = async (courierId: string, filter?: object) =>
  (await duesOf(courierId, filter)).map(({ kind, state, amount, settled }) => [kind, state, amount.amount, settled.amount])

describe('a parcel that its courier has delivered', () => {
  it('has earned the courier its way, which is paid from what the buyer paid for it', async () => {
    const asked = await paid()
    const costs = await balance('COURIER_COSTS')
    await ends(asked, 'DELIVERED', 'jne')
    expect([await balance('COURIER_PAYABLE:jne'), (await balance('COURIER_COSTS')) - costs]).toEqual([15_000n, 15_000n])
    await market.completed(asked)
    expect([await balance('COURIER_PAYABLE:jne'), (await balance('COURIER_COSTS')) - costs]).toEqual([15_000n, 0n])
  })

  it('and paid for at the door makes the courier owe the cash until it hands it on', async () => {
    const asked = await paid('COD')
    const coming = await balance('COURIER_RECEIVABLE')
    const parcel = await ends(asked, 'DELIVERED', 'sicepat')
    expect([await market.state(asked), coming - (await balance('COURIER_RECEIVABLE'))]).toEqual(['CAPTURED', 115_000n])
    expect([await balance('COURIER_DEBT:sicepat'), await balance('COURIER_PAYABLE:sicepat')]).toEqual([115_000n, 15_000n])
    const bank = await balance('BANK')
    const read = await statement('sicepat', [['COD', parcel, 115_000], ['SHIPPING', parcel, 15_000]]) // prettier-ignore
    expect(outcomes(read)).toEqual([['MATCHED', 115_000], ['MATCHED', 15_000]]) // prettier-ignore
    expect([
      await balance('COURIER_DEBT:sicepat'),
      await balance('COURIER_PAYABLE:sicepat'),
      (await balance('BANK')) - bank,
    ]).toEqual([0n, 0n, 100_000n])
    expect(await shown('sicepat')).toEqual([])
  })

  it('owes only what was still to be paid at the door', async () => {
    const asked = await paid('COD')
    await market.refunded(asked, 0, { items: 30_000 })
    await ends(asked, 'DELIVERED', 'anteraja')
    expect(await shown('anteraja', { kind: 'COD' })).toEqual([['COD', 'OPEN', 85_000, 0]])
  })
})

describe('a parcel that its courier has lost', () => {
  it('is owed to the market by the courier, and the seller has the worth of the goods at once', async () => {
    const shop = newId('shop')
    const asked = await paid('BCA_VA', shop)
    await ends(asked, 'LOST', 'ninja')
    expect([await balance('COURIER_DEBT:ninja'), await balance(`SELLER_BALANCE:${shop}`)]).toEqual([115_000n, 100_000n])
    await market.cancelled(asked)
    expect(await balance(`BUYER_WALLET:${asked.buyerId}`)).toBe(115_000n)
  })
})

describe('the way back of a return', () => {
  const agreed = async (bearer: 'SELLER' | 'MARKET' | undefined, shop: Id<'shop'>) => {
    const asked = await paid('BCA_VA', shop)
    await returnApproved(market, asked, bearer)
    return asked
  }
  const returned = async (bearer: 'SELLER' | 'MARKET' | undefined, shop: Id<'shop'>, courierId: string) => {
    const asked = await agreed(bearer, shop)
    await ends(asked, 'RETURN_DELIVERED', courierId)
    return asked
  }

  it('is paid by the seller who is to blame, from the balance or as a debt, and stands in the order’s settlement', async () => {
    const shop = newId('shop')
    const asked = await returned('SELLER', shop, 'tiki')
    expect([await balance('COURIER_PAYABLE:tiki'), await balance(`SELLER_RECEIVABLE:${shop}`)]).toEqual([15_000n, 15_000n])
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order { settlement { rows { kind amount { amount } } held { amount } } } } }`
    const of = [{ __typename: 'Order', id: asked.orders[0]!.orderId }]
    type Seen = {
      _entities: [{ settlement: { rows: { kind: string; amount: { amount: number } }[]; held: { amount: number } } }]
    }
    const { data } = await market.execute<Seen>({ query, variables: { of }, as: account(newId('account'), ['seller'], [shop]) })
    const { rows, held } = data!._entities[0].settlement
    expect(rows.map(({ kind, amount }) => [kind, amount.amount])).toEqual([
      ['ITEMS', 100_000],
      ['SHIPPING', 15_000],
      ['RETURN_SHIPPING', 15_000],
      ['COURIER_SHARE', -15_000],
    ])
    expect(held.amount).toBe(115_000)
    await market.completed(asked)
    expect(await balance(`SELLER_RECEIVABLE:${shop}`)).toBe(0n)
  })

  it('is paid by the market where nobody is to blame', async () => {
    const shop = newId('shop')
    const costs = await balance('COURIER_COSTS')
    await returned('MARKET', shop, 'tiki')
    expect([(await balance('COURIER_COSTS')) - costs, await balance(`SELLER_RECEIVABLE:${shop}`)]).toEqual([15_000n, 0n])
  })

  it.each([
    ['SELLER', 'spx', [30_000n, 0n]],
    ['MARKET', 'jdl', [0n, 30_000n]],
  ] as const)(
    'and there again is paid by the same, when the parcel comes back to its buyer (%s)',
    async (bearer, courierId, paidBy) => {
      const shop = newId('shop')
      const costs = await balance('COURIER_COSTS')
      const parcel = await ends(await agreed(bearer, shop), 'RETURN_CAME_BACK', courierId)
      expect(await shown(courierId, { kind: 'RETURN_SHIPPING' })).toEqual([['RETURN_SHIPPING', 'OPEN', 30_000, 0]])
      expect([await balance(`SELLER_RECEIVABLE:${shop}`), (await balance('COURIER_COSTS')) - costs]).toEqual(paidBy)
      expect(outcomes(await statement(courierId, [['RETURN_SHIPPING', parcel, 30_000]]))).toEqual([['MATCHED', 30_000]])
      expect(await shown(courierId)).toEqual([])
    },
  )

  it('there and back is the market’s, too, for a parcel that its buyer never took', async () => {
    await ends(await paid(), 'CAME_BACK', 'wahana')
    expect(await shown('wahana')).toEqual([['SHIPPING', 'OPEN', 30_000, 0]])
  })
})

describe('a courier’s statement', () => {
  it('that does not fit leaves every difference open and in sight', async () => {
    const [one, two] = [await ends(await paid('COD'), 'DELIVERED', 'lion'), await ends(await paid('COD'), 'DELIVERED', 'lion')]
    const read = await statement('lion', [['COD', one, 100_000], ['COD', two, 120_000], ['COD', 'JP-X', 7_000], ['SHIPPING', one, 18_000]]) // prettier-ignore
    expect(outcomes(read)).toEqual([['LESS', 100_000], ['MORE', 115_000], ['UNKNOWN', 0], ['MORE', 15_000]]) // prettier-ignore
    expect(await shown('lion')).toEqual([
      ['COD', 'PARTLY_SETTLED', 115_000, 100_000],
      ['SHIPPING', 'OPEN', 15_000, 0],
      ['UNIDENTIFIED_PAYMENT', 'OPEN', 5_000, 0],
      ['UNIDENTIFIED_PAYMENT', 'OPEN', 7_000, 0],
      ['UNIDENTIFIED_CHARGE', 'OPEN', 3_000, 0],
    ])
    await statement('lion', [['COD', one, 15_000]])
    expect(await shown('lion', { kind: 'COD', state: 'SETTLED' })).toHaveLength(2)
  })

  it('is booked once: by its number, and by the key that it was sent with', async () => {
    const parcel = await ends(await paid('COD'), 'DELIVERED', 'pos')
    const reference = newId('movement')
    const idempotencyKey = newId('movement')
    const [first, again] = [
      await statement('pos', [['COD', parcel, 115_000]], { reference, idempotencyKey }),
      await statement('pos', [['COD', parcel, 115_000]], { reference, idempotencyKey }),
    ]
    expect(again).toEqual(first)
    expect(await statement('pos', [['COD', parcel, 115_000]], { reference })).toMatchObject({
      __typename: 'CourierStatementKnown',
    })
    expect(await balance('COURIER_DEBT:pos')).toBe(0n)
  })

  it('many at once about the same parcel settle it once', async () => {
    const parcel = await ends(await paid('COD'), 'DELIVERED', 'rpx')
    const all = await Promise.all([1, 2, 3, 4].map(() => statement('rpx', [['COD', parcel, 115_000]])))
    expect(all.flatMap(outcomes).filter(([outcome]) => outcome === 'MATCHED')).toHaveLength(1)
    expect([await balance('COURIER_DEBT:rpx'), await balance('COURIER_PAYABLE:rpx')]).toEqual([0n, 345_000n + 15_000n])
  })

  it('is refused when the money is not what its lines say, and is for admin alone', async () => {
    expect(await statement('jne', [['COD', 'JP0', 5]], { received: 6 })).toMatchObject({
      __typename: 'CourierStatementDoesNotAdd',
      sum: { amount: 5 },
    })
    await expect(statement('jne', [['COD', 'JP0', 0]])).rejects.toThrow('lines.amount')
    await expect(statement('jne', [['COD', 'JP\0', 5]])).rejects.toThrow('lines.trackingNumber')
    await expect(statement('jne', [['COD', 'JP0', 5]], { note: '\uD83D' })).rejects.toThrow('note')
    await expect(duesOf('jne\0')).rejects.toThrow('filter.courierId')
    const input = { courierId: 'jne', reference: 'x', received: 5, lines: [], note: 'x', idempotencyKey: 'x' }
    const { errors } = await market.execute({ query: record, variables: { input }, as: staff('support') })
    expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN')
  })
})

describe('what nobody waits for any more', () => {
  const end = `mutation ($input: WriteOffCourierDueInput!) { writeOffCourierDue(input: $input) { __typename
    ... on WriteOffCourierDueSuccess { due { id state } } ... on Problem { code message } } }`
  const writeOff = async (dueId: string, idempotencyKey: string = newId('movement')) => {
    const input = { dueId, note: 'Kurir tutup', idempotencyKey }
    return (await market.execute<{ writeOffCourierDue: object }>({ query: end, variables: { input }, as: admin })).data!
      .writeOffCourierDue
  }

  it('is written off by staff, once, and the market bears the rest', async () => {
    const parcel = await ends(await paid('COD'), 'DELIVERED', 'gone')
    await statement('gone', [['COD', parcel, 100_000]])
    const [due] = await duesOf('gone', { kind: 'COD' })
    const costs = await balance('COURIER_COSTS')
    const key = newId('movement')
    expect(await writeOff(due!.id, key)).toMatchObject({ due: { state: 'WRITTEN_OFF' } })
    expect(await writeOff(due!.id, key)).toMatchObject({ due: { state: 'WRITTEN_OFF' } })
    expect(await writeOff(due!.id)).toMatchObject({ code: 'COURIER_DUE_ENDED' })
    expect(await writeOff(newId('courierDue'))).toMatchObject({ code: 'COURIER_DUE_NOT_FOUND' })
    expect([await balance('COURIER_DEBT:gone'), (await balance('COURIER_COSTS')) - costs]).toEqual([0n, 15_000n])
    await market.settle()
    const acts = market.published.flatMap(({ type, payload }) => (type === 'StaffActed' ? [payload] : []))
    expect(acts).toContainEqual({
      actorId: admin.accountId,
      action: 'courier.writeOff',
      subjectId: due!.id,
      reason: 'Kurir tutup',
    })
    expect(acts.filter(({ action }) => action === 'courier.recordStatement').length).toBeGreaterThan(0)
  })
})
