import type { Clock } from '@pasar/shared/clock'
import { runOnce, type IdempotencyKeyReused } from '@pasar/shared/idempotency'
import { newId } from '@pasar/shared/ids'
import { enqueue, type NewEvent } from '@pasar/shared/events/outbox'
import { problem, type Problem } from '@pasar/shared/problems'
import type { PaymentsDeps } from '../context.ts'
import { buyerWallet } from '../domain/chart-of-accounts.ts'
import { payableUntil, takes, type PaymentMethod } from '../domain/methods.ts'
import { takenByMarket } from '../domain/payment.ts'
import { isUnpaidEnd } from '../domain/provider-status.ts'
import type { PaymentsCreateInput } from '../generated/resolvers.ts'
import type { ChargeOutcome } from '../providers/provider.ts'
import type { Tx } from '../store/database.ts'
import { lockBalance } from '../store/ledger.ts'
import {
  askedOf,
  findPaymentsOfCheckouts,
  insertPayment,
  isCancelledCheckout,
  lockCheckout,
  lockPayment,
  savePayable,
  type HeldPayment,
} from '../store/payments.ts'
import { lockAndReadTerms } from '../store/terms.ts'
import { parsePayment, type PaymentToCreate } from './parse-payment.ts'
import { recordHeld, recordMessage, type Recorded } from './record-message.ts'

interface Announced {
  readonly __typename: 'PaymentsCreated'
  readonly paymentId: string
}

type Refusal =
  | Problem<'PaymentsMethodUnavailable', { method: PaymentMethod }>
  | Problem<'PaymentsCheckoutCancelled', { checkoutId: string }>
  | IdempotencyKeyReused

/** What paymentsCreate answers. */
export type PaymentsCreateResult = (Announced & { readonly expiresAt: Date }) | Refusal

/** Providers tell of an expiry a little after it; only then do we ask. */
const graceMs = 5 * 60_000

/**
 * Asks the provider for a payment. The payment is put down first, so that a notification never meets an unknown payment; the provider is
 * called outside any transaction and may be called again with the same payment.
 */
export async function paymentsCreate(deps: PaymentsDeps, raw: PaymentsCreateInput): Promise<PaymentsCreateResult> {
  const input = parsePayment(raw)
  const unavailable = problem('PaymentsMethodUnavailable', { method: input.method })
  const payment = await putDown(deps, input)
  if (payment === 'CANCELLED') return problem('PaymentsCheckoutCancelled', { checkoutId: input.checkoutId })
  if (payment === 'NOT_PAYABLE') return unavailable
  const outcome = mustBeCharged(payment) ? await chargeOf(deps, payment) : undefined
  if (outcome?.kind === 'refused') {
    deps.log.warn({ paymentId: payment.id, reason: outcome.reason }, 'the provider refused a payment')
    return unavailable
  }
  const result = await announce(deps, { input, paymentId: payment.id, outcome })
  // Called off while the provider was being asked: it must not stay payable there.
  if (result.__typename === 'PaymentsCheckoutCancelled' && outcome) {
    if (outcome.message) await recordMessage(deps, outcome.message, 'STATUS')
    await deps.providers.of(payment.provider).cancel({ ...askedOf(payment), reference: outcome.reference })
  }
  return result.__typename === 'PaymentsCreated' ? { ...result, expiresAt: payment.expiresAt } : result
}

const mustBeCharged = ({ provider, instructions, state }: HeldPayment) =>
  provider !== 'MARKET' && !instructions && state === 'PENDING'

const chargeOf = ({ providers, clock }: PaymentsDeps, { id, provider, method, amount, expiresAt }: HeldPayment) =>
  providers.of(provider).charge({ paymentId: id, method, amount, expiresAt, now: clock.now() })

/** The checkout's payment; made when there is none. */
function putDown(
  { transaction, clock, providers }: PaymentsDeps,
  input: PaymentToCreate,
): Promise<HeldPayment | 'CANCELLED' | 'NOT_PAYABLE'> {
  const now = clock.now()
  const { checkoutId, buyerId, method, amount, orders } = input
  const provider = takes(method, amount) && input.expiresAt > now ? providers.choose(method)?.name : undefined
  const expiresAt = payableUntil(method, now, input.expiresAt)
  const checkAt = new Date(expiresAt.getTime() + graceMs)
  return transaction(async (tx) => {
    if (provider) {
      const terms = await lockAndReadTerms(tx, { checkoutId, orders, method, now })
      const payment = { id: newId('payment'), checkoutId, buyerId, method, provider, amount, expiresAt, createdAt: now, checkAt }
      const shares = orders.map((order, index) => ({ ...order, terms: terms[index]! }))
      const added = await insertPayment(tx, payment, shares)
      if (added) return added
    } else await lockCheckout(tx, checkoutId)
    const [existing] = await findPaymentsOfCheckouts(tx, [checkoutId])
    if (existing) return existing
    return (await isCancelledCheckout(tx, checkoutId)) ? 'CANCELLED' : 'NOT_PAYABLE'
  })
}

interface Announcement {
  readonly input: PaymentToCreate
  readonly paymentId: HeldPayment['id']
  readonly outcome: ChargeOutcome | undefined
}

/** Tells the market once that the payment can be paid; refuses when it was called off meanwhile. */
const announce = (deps: PaymentsDeps, { input, paymentId, outcome }: Announcement): Promise<Announced | Refusal> => {
  const { checkoutId, buyerId } = input
  const announced: Announced = { __typename: 'PaymentsCreated', paymentId }
  return runOnce(
    deps,
    { scope: 'paymentsCreate', actor: 'orders', key: checkoutId, input, foreseen: announced },
    async (tx): Promise<Announced | Refusal> => {
      const held = await lockPayment(tx, paymentId)
      const payload = { paymentId, checkoutId, buyerId }
      const event: NewEvent = { type: 'PaymentPending', aggregateId: paymentId, keys: [checkoutId], payload }
      const payable = outcome?.kind === 'charged' ? { ...outcome, event } : undefined
      const message = payable?.message
      const heard: Recorded | undefined =
        held && message && (await recordHeld(tx, deps.clock, { payment: held, message, source: 'STATUS', payable }))
      // What was said may already end it.
      const payment = heard?.payment ?? held
      if (!payment || isUnpaidEnd(payment.status)) return problem('PaymentsCheckoutCancelled', { checkoutId })
      if (!payable) await enqueue(tx, deps.clock, event)
      else if (!heard?.isPayable) await savePayable(tx, deps.clock, { id: paymentId, ...payable })
      if (payment.provider === 'MARKET' && !(await takeByMarket(tx, deps.clock, payment)))
        return problem('PaymentsMethodUnavailable', { method: payment.method })
      return announced
    },
  )
}

/** Takes a payment without a provider: from the buyer's balance if it is enough, or by the courier who will collect it. */
async function takeByMarket(tx: Tx, clock: Clock, payment: HeldPayment): Promise<boolean> {
  if (payment.method === 'WALLET' && (await lockBalance(tx, buyerWallet(payment.buyerId))) < payment.amount) return false
  await recordHeld(tx, clock, { payment, message: takenByMarket(payment), source: 'MARKET' })
  return true
}
