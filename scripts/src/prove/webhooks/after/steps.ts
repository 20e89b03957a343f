import type { PasarEvent } from '@pasar/schema/events'
import { newId } from '@pasar/shared/ids'
import type { Stage } from '../stage.ts'
import { sharesOf } from './charges.ts'
import { refundsOf, withdraw, type Life } from './life.ts'
import { lateRound, virtualAccounts, type Step } from './script.ts'
import type { Providers } from './providers.ts'
import type { Tally } from './tally.ts'
import type { OpenWeather } from './weather.ts'

/** What steps are taken with. */
export interface Steps {
  readonly stage: Stage
  readonly providers: Providers
  readonly weather: OpenWeather
  readonly tally: Tally
}

type Of<D extends Step['does']> = Extract<Step, { does: D }>
type TestEvent = { [E in PasarEvent as E['type']]: Pick<E, 'type' | 'payload'> }[PasarEvent['type']]

/** Orders says what was decided: now and then twice, in one event or in two. */
async function announce({ stage: { bus, clock }, tally }: Steps, { random }: Life, event: TestEvent): Promise<void> {
  const base = { aggregateId: 'proof', seq: 1, position: 1, keys: [], occurredAt: clock.now().toISOString() }
  const one = (): PasarEvent => ({ ...base, ...event, id: `orders:${newId('movement')}` })
  const first = one()
  const again = random.of([[], [], [], [first], [one()]])
  if (again.length > 0) tally.add('decisions told twice')
  await Promise.all([first, ...again].map((told) => bus.publish('orders', [told])))
}

const refOf = ({ orders, checkoutId, buyerId }: Life, place: number) => {
  const { orderId, shopId } = orders[place]!
  return { orderId, shopId, checkoutId, buyerId }
}

async function release(steps: Steps, life: Life, { order }: Of<'release'>): Promise<void> {
  await announce(steps, life, { type: 'OrderCompleted', payload: { ...refOf(life, order), lines: [] } })
  life.story.push({ kind: 'released', orderId: life.orders[order]!.orderId })
  steps.tally.add('orders released')
}

async function refund(steps: Steps, life: Life, { at, order, items, shipping, weather }: Of<'refund'>): Promise<void> {
  const refundId = newId('refund')
  if (weather) steps.weather.set(refundId, weather)
  const asItCame = at < lateRound && !virtualAccounts.includes(life.plan.method)
  const amounts = { amount: items + shipping, itemsAmount: items, shippingAmount: shipping }
  const payload = { ...refOf(life, order), refund: { refundId, ...amounts, reason: 'LINES_CANCELLED', lines: [] } } as const
  await announce(steps, life, { type: 'RefundDecided', payload })
  life.story.push({ kind: 'asked', refundId, orderId: life.orders[order]!.orderId, items, shipping, asItCame })
  steps.tally.add('refunds decided')
  if (weather) steps.tally.add(`refunds, the provider being: ${weather}`)
}

async function goBack(steps: Steps, life: Life, { does, share, when }: Of<'give back' | 'charge back'>): Promise<void> {
  const { providers, tally } = steps
  const left = await providers.left(life)
  if (left === 0) return
  const amount = Math.max(1, Math.floor((left * share) / 100))
  const isByHand = does === 'give back'
  // Midtrans numbers what banks take in the order of all that went back.
  const before = isByHand ? life.unasked.size : (await providers.wentBack(life)).length
  const name = isByHand ? `by-hand-${before}-${life.paymentId}` : `chargeback ${before + 1}`
  const isDone = isByHand
    ? await providers.giveBack(life, name, amount)
    : await providers.press(`/midtrans/${life.paymentId}/chargeback`, { amount })
  if (!isDone) return
  life.unasked.set(name, when)
  tally.add(isByHand ? 'given back by hand' : amount === left ? 'charged back in whole' : 'charged back in part')
}

async function dispute(steps: Steps, life: Life, { share, when }: Of<'dispute'>): Promise<void> {
  const { providers, tally } = steps
  const left = await providers.left(life)
  if (left === 0) return
  const amount = Math.max(1, Math.floor((left * share) / 100))
  life.unasked.set(`dspt-1-${life.paymentId}`, when)
  if (await providers.press(`/xendit/${life.paymentId}/dispute`, { amount })) tally.add('disputed by a bank')
}

const decided = { review: 'disputes looked at', win: 'disputes won', lose: 'disputes lost' } as const

async function endDispute({ providers, tally }: Steps, { paymentId }: Life, { by }: Of<'end dispute'>): Promise<void> {
  if (await providers.press(`/xendit/${paymentId}/dispute/${by}`)) tally.add(decided[by])
}

async function endRefund(steps: Steps, life: Life, step: Of<'fail refund' | 'make refund'>): Promise<void> {
  const newest = refundsOf(life).at(-1)
  if (newest === undefined) return
  const failureCode = step.does === 'fail refund' ? step.failureCode : undefined
  const action = step.does === 'fail refund' ? 'fail' : 'pay'
  const body = failureCode === undefined ? {} : { failureCode }
  if (!(await steps.providers.press(`/xendit/refunds/${newest}/${action}`, body))) return
  const what = failureCode === undefined ? 'refunds that fail' : 'refunds that fail for a while'
  steps.tally.add(action === 'pay' ? 'refunds made after they failed' : what)
}

async function takeOut(steps: Steps, life: Life, { share, weather }: Of<'withdraw'>): Promise<void> {
  const [{ items, shopId }] = life.orders as [Life['orders'][number]]
  const earned = sharesOf({ method: life.plan.method, orders: life.orders }, 0, items).seller
  const taken = await withdraw(life, shopId, Math.floor((earned * share) / 100))
  if (!taken) return
  life.withdrawals.push(taken)
  if (weather) steps.weather.set(taken.withdrawalId, weather)
  steps.tally.add('withdrawals')
  if (weather) steps.tally.add(`withdrawals, the provider being: ${weather}`)
}

const ends = { pay: 'that arrive', fail: 'that fail', reverse: 'that are sent back' } as const

async function endWithdrawal(steps: Steps, life: Life, { does }: Of<'pay' | 'fail' | 'reverse'>): Promise<void> {
  const newest = life.withdrawals.at(-1)
  const isDone = newest && (await steps.providers.press(`/${life.plan.provider}/payouts/${newest.withdrawalId}/${does}`))
  if (isDone) steps.tally.add(`withdrawals ${ends[does]}`)
}

/** What can only be done with what the market has asked for in the same round. */
export const isAfterWork = ({ does }: Step): boolean => ['fail refund', 'pay', 'fail'].includes(does)

/** Takes one step of a life. */
export function take(steps: Steps, life: Life, step: Step): Promise<void> {
  if (step.does === 'release') return release(steps, life, step)
  if (step.does === 'refund') return refund(steps, life, step)
  if (step.does === 'give back' || step.does === 'charge back') return goBack(steps, life, step)
  if (step.does === 'dispute') return dispute(steps, life, step)
  if (step.does === 'end dispute') return endDispute(steps, life, step)
  if (step.does === 'fail refund' || step.does === 'make refund') return endRefund(steps, life, step)
  return step.does === 'withdraw' ? takeOut(steps, life, step) : endWithdrawal(steps, life, step)
}
