import { createHash } from 'node:crypto'
import type { Random } from '../attacks/random.ts'
import type { Lived, Said } from './lives.ts'

/** What is done to a notification on its way. */
export type Twist = 'plain' | 'reordered' | 'duplicated' | 'superseded' | 'forged'

/** A notification to hand over. */
export interface Handed {
  readonly sent: Said
  readonly twist: Twist
}

/** Everything to hand over about one payment: in turns, those of one turn at the same moment. */
export interface Plan {
  readonly lived: Lived
  readonly turns: readonly (readonly Handed[])[]
}

/** How many of each. */
export interface Shares {
  readonly duplicated: number
  readonly reordered: number
  readonly superseded: number
  readonly forged: number
}

const text = (value: unknown): string => String(value)

/** Midtrans' signature rule, written a second time: a proof must not sign with what it proves. */
export const signMidtrans = (fields: Readonly<Record<string, unknown>>, serverKey: string): string =>
  createHash('sha512')
    .update(`${text(fields['order_id'])}${text(fields['status_code'])}${text(fields['gross_amount'])}${serverKey}`)
    .digest('hex')

/** The rule of Midtrans' payouts, written a second time. */
export const irisSignatureOf = (fields: Readonly<Record<string, unknown>>, merchantKey: string): string =>
  createHash('sha512')
    .update(`${JSON.stringify(fields)}${merchantKey}`)
    .digest('hex')

const dataOf = ({ fields }: Said) => fields['data'] as Readonly<Record<string, unknown>>

/** What the provider could have said before: a refusal or an expiry that was never sent, and comes after the money. */
function staleOf({ provider, said }: Lived, random: Random, serverKey: string): Said {
  const last = said.at(-1)!
  if (provider === 'xendit') {
    const data = {
      ...dataOf(last),
      payment_id: `py-attempt-${random.upTo(1_000_000_000)}`,
      status: 'FAILED',
      captures: undefined,
    }
    return { ...last, fields: { ...last.fields, event: 'payment.failure', data } }
  }
  const fields = { ...last.fields, transaction_status: 'deny', status_code: '202' }
  return { ...last, fields: { ...fields, signature_key: signMidtrans(fields, serverKey) } }
}

/** A claim that the money is there, by somebody who does not know the key: made up, or a true one altered. */
function forgedOf({ provider, said }: Lived, random: Random): Said {
  const last = said.at(-1)!
  if (provider === 'xendit') {
    const token = random.of(['', 'x', `${last.headers['x-callback-token']}x`, last.headers['x-callback-token']!.slice(1)])
    const data = { ...dataOf(last), payment_id: `py-forged-${random.upTo(1_000_000_000)}`, status: 'SUCCEEDED' }
    return { ...last, headers: { 'x-callback-token': token }, fields: { ...last.fields, event: 'payment.capture', data } }
  }
  const claim = { ...last.fields, transaction_status: 'settlement', status_code: '299' }
  const other = signMidtrans(claim, 'another-key')
  const key = random.of([last.fields['signature_key'], other, '0'.repeat(128), undefined, ''])
  return { ...last, fields: { ...claim, signature_key: key } }
}

/** Chooses some of many, each once. */
function some<T>(items: readonly T[], count: number, random: Random): Set<T> {
  const pool = [...items]
  const chosen = new Set<T>()
  while (chosen.size < count && pool.length > 0) {
    const index = random.upTo(pool.length)
    chosen.add(pool[index]!)
    pool[index] = pool.at(-1)!
    pool.pop()
  }
  return chosen
}

/** Payments whose notifications change places, until so many notifications have. */
function reordered(all: readonly Lived[], count: number, random: Random): Set<Lived> {
  const several = all.filter(({ said }) => said.length > 1)
  const chosen = new Set<Lived>()
  let moved = 0
  for (const lived of some(several, several.length, random)) {
    if (moved >= count) break
    chosen.add(lived)
    moved += lived.said.length
  }
  return chosen
}

/** Plans how every notification is handed over. */
export function planChaos(
  all: readonly Lived[],
  shares: Shares,
  { random, serverKey }: { random: Random; serverKey: string },
): Plan[] {
  const turned = reordered(all, shares.reordered, random)
  const sent = all.flatMap(({ said }) => said)
  const doubled = some(sent, shares.duplicated, random)
  const late = some(
    all.filter(({ state }) => state === 'CAPTURED'),
    shares.superseded,
    random,
  )
  const attacked = some(all, shares.forged, random)
  return all.map((lived) => {
    const isTurned = turned.has(lived)
    const order = isTurned ? lived.said.toReversed() : lived.said
    const turns = order.map((one): readonly Handed[] => {
      const handed: Handed = { sent: one, twist: isTurned ? 'reordered' : 'plain' }
      // Half of the copies come at the same moment, where two could both find nothing done yet.
      return doubled.has(one) && random.upTo(2) === 0 ? [handed, { sent: one, twist: 'duplicated' }] : [handed]
    })
    const copied = new Set(turns.filter(({ length }) => length > 1).map(([first]) => first!.sent))
    for (const one of order) if (doubled.has(one) && !copied.has(one)) turns.push([{ sent: one, twist: 'duplicated' }])
    if (late.has(lived)) turns.push([{ sent: staleOf(lived, random, serverKey), twist: 'superseded' }])
    if (attacked.has(lived)) turns.splice(random.upTo(turns.length + 1), 0, [{ sent: forgedOf(lived, random), twist: 'forged' }])
    return { lived, turns }
  })
}
