import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mayMove, moves, stateOf, type ProviderStatus } from '../src/domain/provider-status.ts'
import { signatureOf } from '../src/providers/midtrans-message.ts'
import { openMarket, type Asked, type Market } from './market.ts'
import { fieldsOf } from './provider-for-test.ts'
import { paymentLock, whileLocked } from './waiting.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

const outcomes = async ({ paymentId }: Asked) =>
  (
    await market.sql.query<{ outcome: string }>('SELECT outcome FROM payment_event WHERE payment_id = $1 ORDER BY id', [
      paymentId,
    ])
  ).rows.map(({ outcome }) => outcome)
const typesOf = async (asked: Asked) => {
  await market.settle()
  return market.eventsOf(asked).map(({ type }) => type)
}
/** How the provider says each status. */
const spoken = (status: ProviderStatus): [string, Record<string, unknown>] =>
  status === 'challenge'
    ? ['capture', { status_code: '201', fraud_status: 'challenge' }]
    : [status, { status_code: status === 'pending' ? '201' : '200' }]
const say = (asked: Asked, status: ProviderStatus, rest = {}) => {
  const [word, fields] = spoken(status)
  return market.says(asked, word, { ...fields, ...rest })
}

describe('a notification', () => {
  it('that says the money is there captures the payment, once, however often it comes', async () => {
    const asked = await market.ask()
    for (let n = 0; n < 3; n++) expect(await say(asked, 'settlement')).toBe(200)
    expect(await market.state(asked)).toBe('CAPTURED')
    expect(await typesOf(asked)).toEqual(['PaymentPending', 'PaymentCaptured'])
    expect(await outcomes(asked)).toEqual(['APPLIED', 'APPLIED'])
  })

  it('has one effect when twenty copies come at the same time', async () => {
    const asked = await market.ask()
    const fields = fieldsOf(market.provider.transactions.get(asked.paymentId)!, 'settlement')
    const answers = await Promise.all(Array.from({ length: 20 }, () => market.notify(fields)))
    expect(new Set(answers)).toEqual(new Set([200]))
    const { rows } = await market.sql.query('SELECT id FROM journal WHERE reference = $1', [`capture:${asked.paymentId}`])
    expect(rows).toHaveLength(1)
    expect(await typesOf(asked)).toEqual(['PaymentPending', 'PaymentCaptured'])
    expect((await market.ledger()).balances[`ESCROW:${asked.orders[0]!.orderId}`]).toBe(115_000n)
  })

  it.each(['authorize', 'expire', 'deny'] as const)(
    'of %s that arrives after the settlement is acknowledged and changes nothing',
    async (late) => {
      const asked = await market.ask()
      await say(asked, 'settlement')
      expect(await say(asked, late)).toBe(200)
      market.provider.transactions.get(asked.paymentId)!.transaction_status = 'settlement'
      expect((await outcomes(asked)).at(-1)).toBe('SUPERSEDED')
      await market.settle()
      expect(await market.state(asked)).toBe('CAPTURED')
      expect(await typesOf(asked)).toEqual(['PaymentPending', 'PaymentCaptured'])
    },
  )

  it('of a settlement is honoured after the expiry: the money is there, and orders is told', async () => {
    const asked = await market.ask()
    await say(asked, 'expire', { status_code: '407' })
    expect(await market.state(asked)).toBe('EXPIRED')
    await say(asked, 'settlement')
    expect(await market.state(asked)).toBe('CAPTURED')
    expect(await typesOf(asked)).toEqual(['PaymentPending', 'PaymentFailed', 'PaymentCaptured'])
  })

  it('about a card is booked at its capture and not again at its settlement, in either order', async () => {
    const [inOrder, reordered] = [await market.ask({ method: 'QRIS' }), await market.ask({ method: 'QRIS' })]
    for (const status of ['capture', 'settlement'] as const) await say(inOrder, status)
    for (const status of ['settlement', 'capture'] as const) await say(reordered, status)
    for (const asked of [inOrder, reordered]) {
      expect(await typesOf(asked)).toEqual(['PaymentPending', 'PaymentCaptured'])
      expect((await market.ledger()).balances[`ESCROW:${asked.orders[0]!.orderId}`]).toBe(115_000n)
    }
  })

  it('of a capture that the fraud check still looks at does not count as paid until it is accepted', async () => {
    const asked = await market.ask({ method: 'QRIS' })
    await say(asked, 'challenge')
    expect(await market.state(asked)).toBe('UNDER_REVIEW')
    await say(asked, 'capture')
    expect(await market.state(asked)).toBe('CAPTURED')
  })

  it.each(['deny', 'failure', 'expire', 'capture'] as const)(
    'of a card that was refused (%s) ends nothing: the page stays open, and takes another one',
    async (word) => {
      const asked = await market.ask({ method: 'CARD' })
      const [first, second] = ['first', 'second'].map((name) => ({
        order_id: asked.paymentId,
        transaction_id: `${name}-${asked.paymentId}`,
        gross_amount: `${asked.amount}.00`,
        payment_type: 'credit_card',
        transaction_status: word,
        refunds: [],
      }))
      market.provider.transactions.set(asked.paymentId, first!)
      for (let n = 0; n < 2; n++) expect(await say(asked, word, { status_code: '202', fraud_status: 'deny' })).toBe(200)
      expect([await typesOf(asked), await market.state(asked)]).toEqual([['PaymentPending'], 'PENDING'])
      market.provider.transactions.set(asked.paymentId, second!)
      await say(asked, 'capture')
      expect([await typesOf(asked), await market.state(asked)]).toEqual([['PaymentPending', 'PaymentCaptured'], 'CAPTURED'])
      expect(await outcomes(asked)).toEqual(['APPLIED', 'APPLIED'])
    },
  )

  it('with a wrong signature is refused and leaves no trace', async () => {
    const asked = await market.ask()
    const fields = fieldsOf(market.provider.transactions.get(asked.paymentId)!, 'settlement')
    const forged = [
      { ...fields, signature_key: signatureOf(fields, 'another-key') },
      { ...fields, gross_amount: '1.00' },
      { ...fields, status_code: '201' },
      { ...fields, signature_key: undefined },
      { ...fields, order_id: '' },
      { ...fields, order_id: asked.paymentId.repeat(9) },
      { ...fields, gross_amount: ['1.00'] },
      { ...fields, signature_key: String(fields['signature_key']).slice(0, 64) },
    ]
    for (const one of forged) expect(await market.notify(one)).toBe(403)
    expect(await market.state(asked)).toBe('PENDING')
    expect(await outcomes(asked)).toEqual(['APPLIED'])
  })

  it('with another amount than was asked for is refused, though it is signed', async () => {
    const asked = await market.ask()
    expect(await say(asked, 'settlement', { gross_amount: '1000.00' })).toBe(400)
    expect(await market.state(asked)).toBe('PENDING')
  })

  it('about a payment that nobody here asked for is acknowledged without effect', async () => {
    const asked = await market.ask()
    expect(await say(asked, 'settlement', { order_id: 'somebody-elses' })).toBe(200)
    expect(await market.state(asked)).toBe('PENDING')
  })

  it('about a chargeback books the loss on the disputes account and warns', async () => {
    const asked = await market.ask({ method: 'GOPAY' })
    await say(asked, 'settlement')
    const before = (await market.ledger()).balances['PROVIDER_DISPUTES'] ?? 0n
    await say(asked, 'chargeback')
    await say(asked, 'chargeback')
    const { sum, balances } = await market.ledger()
    expect(balances['PROVIDER_DISPUTES']! - before).toBe(115_000n)
    expect(sum).toBe(0n)
    expect(await outcomes(asked)).toEqual(['APPLIED', 'APPLIED', 'DISPUTED'])
  })

  it('about parts that went back books each rupiah once, also when two come at the same time', async () => {
    const asked = await market.ask({ method: 'GOPAY' })
    await say(asked, 'settlement')
    const before = (await market.ledger()).balances['PROVIDER_DISPUTES'] ?? 0n
    const soFar = (key: string, amount: number) =>
      say(asked, 'partial_refund', { refund_amount: `${amount}.00`, refunds: [{ refund_key: key }] })
    const both = [() => soFar('first', 30_000), () => soFar('second', 50_000)]
    const answers = await whileLocked(market, paymentLock(asked.paymentId), both)
    expect(answers).toEqual([200, 200])
    expect((await market.ledger()).balances['PROVIDER_DISPUTES']! - before).toBe(50_000n)
  })
})

/** A way to each status that the provider could take. */
const ways: Record<Exclude<ProviderStatus, 'new'>, readonly ProviderStatus[]> = {
  pending: [],
  authorize: ['authorize'],
  challenge: ['challenge'],
  capture: ['capture'],
  settlement: ['settlement'],
  deny: ['deny'],
  cancel: ['cancel'],
  expire: ['expire'],
  failure: ['failure'],
  partial_refund: ['settlement', 'partial_refund'],
  refund: ['settlement', 'refund'],
  partial_chargeback: ['settlement', 'partial_chargeback'],
  chargeback: ['settlement', 'chargeback'],
}
const statuses = (Object.keys(moves) as ProviderStatus[]).filter((status) => status !== 'new')

/** A cancelled capture is money given back; a code other than 200 makes a capture or settlement one that is still looked at. */
const meaning = (to: ProviderStatus, before: string): ProviderStatus => {
  if (to === 'cancel' && before === 'CAPTURED') return 'refund'
  return to === 'capture' || to === 'settlement' ? 'challenge' : to
}

describe('the table of moves, through real notifications', () => {
  it.each(Object.keys(ways) as (keyof typeof ways)[])('from %s lets through what it lists, and nothing else', async (from) => {
    const reach = async () => {
      const asked = await market.ask({ method: 'GOPAY' })
      for (const status of ways[from]) await say(asked, status, { refund_amount: '1000.00' })
      return asked
    }
    // What has no effect leaves the payment as it was for the next one to try.
    let asked = await reach()
    const before = await market.state(asked)
    for (const to of statuses) {
      expect(await say(asked, to, { status_code: to === 'challenge' ? '201' : '299', refund_amount: '2000.00' })).toBe(200)
      const meant = meaning(to, before)
      expect(await market.state(asked), `${from} → ${to}`).toBe(mayMove(from, meant) ? stateOf[meant] : before)
      if (mayMove(from, meant)) asked = await reach()
    }
    expect((await market.ledger()).sum).toBe(0n)
  })
})
