import { rupiahOrZero } from '@pasar/shared/expectations'
import { keptValues, parseIdempotencyKey, runOnce, type IdempotencyKeyReused } from '@pasar/shared/idempotency'
import { idParser, newId } from '@pasar/shared/ids'
import { BadInput, Conflict, isRefusal, problem, type Problem } from '@pasar/shared/problems'
import { requireAccount, type AccountViewer } from '@pasar/shared/identity/viewer'
import type { OrdersContext } from '../context.ts'
import type { Checkout, CheckoutProblem, CheckoutState } from '../domain/checkout.ts'
import { dueAt } from '../domain/deadlines.ts'
import { patienceMs, stepNames } from '../domain/saga-flow.ts'
import { parseWishes, type VoucherWish } from '../domain/voucher-terms.ts'
import type { CheckoutInput } from '../generated/resolvers.ts'
import { firstContext } from '../saga/place-orders.ts'
import { beginAtOnce, beginCheckout, findRunning, forgetAttempt, getCheckout, type NewCheckout } from '../store/checkouts.ts'
import type { Tx } from '../store/database.ts'
import type { NewSaga } from '../store/sagas.ts'

/** What came of a checkout; orders and amounts are read afresh. */
export type CheckoutOutcome =
  | { readonly __typename: 'CheckoutPlaced' | 'CheckoutProcessing'; readonly checkoutId: string }
  | CheckoutProblem
  | Problem<'CheckoutEnded', { checkoutId: string; state: CheckoutState }>
  | IdempotencyKeyReused

const parseCartId = idParser('cart')

const looksMax = 3

/** What a buyer asks for, checked. */
const parse = (input: CheckoutInput) => {
  const { expectedCartVersion, expectedTotal = null, paymentMethod } = input
  if (expectedCartVersion < 0)
    throw new BadInput('expectedCartVersion', { id: 'versi keranjang, 0 atau lebih', en: 'the version of the cart, 0 or more' })
  if (expectedTotal !== null && expectedTotal < 0n) throw new BadInput('expectedTotal', rupiahOrZero)
  return {
    key: parseIdempotencyKey(input.idempotencyKey),
    asked: { cartId: parseCartId(input.cartId, 'cartId'), cartVersion: expectedCartVersion, paymentMethod, expectedTotal },
    vouchers: parseWishes(input.vouchers ?? []),
  }
}

/** Buys a cart, when its turn has come. */
export function checkout(context: OrdersContext, input: CheckoutInput): Promise<CheckoutOutcome> {
  const buyer = requireAccount(context.viewer)
  const parsed = parse(input)
  const wish = { buyerId: buyer.accountId, cartId: parsed.asked.cartId, key: parsed.key }
  return context.crowd.inTurn(wish, (withinMs) => buy(context, buyer, { ...parsed, withinMs }))
}

type Attempt = ReturnType<typeof parse> & { readonly withinMs: number }

/** Begins a cart's saga, drives it as far as it goes while the buyer waits, and says where it stands. */
async function buy(
  context: OrdersContext,
  buyer: AccountViewer,
  { key, asked, vouchers, withinMs }: Attempt,
): Promise<CheckoutOutcome> {
  // What was asked for without vouchers is compared as it always was.
  const input = vouchers.length > 0 ? { ...asked, vouchers } : asked
  const attempt = { scope: 'checkout', actor: buyer.accountId, key, input }
  const fresh: NewCheckout = { ...asked, id: newId('checkout'), buyerId: buyer.accountId, createdAt: context.clock.now() }
  const saga = sagaOf(fresh, vouchers)
  const result = { __typename: 'CheckoutStarted' as const, checkoutId: fresh.id }
  let begun = await beginAtOnce(context, { checkout: fresh, saga, kept: keptValues(attempt, result, fresh.createdAt) })
  const begin = async (tx: Tx) => {
    // The other checkout of this cart may end between the two looks: then this one is the first.
    for (let look = 1; !(begun = await beginCheckout(tx, fresh, saga)); look++) {
      const running = await findRunning(tx, fresh.buyerId, fresh.cartId)
      if (running) return problem('CheckoutAlreadyRunning', { checkoutId: running.id })
      if (look === looksMax)
        throw new Conflict({ id: 'Keranjang baru saja dibeli; muat ulang', en: 'The cart was just checked out; load it again' })
    }
    return result
  }
  const started = begun ? result : await runOnce(context, { ...attempt, foreseen: result }, begin)
  if (isRefusal(started)) return started as Exclude<typeof started, { checkoutId: string; __typename: 'CheckoutStarted' }>
  const { checkoutId } = started as { readonly checkoutId: string }
  // One whose transaction was lost, and whose repeat found that another one with this key was quicker, never was.
  const own = begun?.checkout.id === checkoutId ? begun : undefined
  await context.runner.settle(checkoutId, { begun: own, withinMs })
  const settled = await getCheckout(context.db, checkoutId)
  context.loaders.checkout.prime(checkoutId, settled)
  // Only what the checkout itself refused has changed nothing: one that its buyer ended, was not paid, or was paid too late, has been made.
  if (own && settled.problem && settled.paymentReceivedAt === null) await forgetAttempt(context.db, buyer.accountId, key)
  return outcomeOf(settled)
}

const sagaOf = ({ id, createdAt: now }: NewCheckout, vouchers: readonly VoucherWish[]): NewSaga => ({
  step: stepNames[0],
  context: firstContext({ id }, dueAt('PAY', now), vouchers),
  patientUntil: new Date(now.getTime() + patienceMs),
  now,
})

/** How a checkout is answered by its state. */
function outcomeOf({ id: checkoutId, state, problem: refusal }: Checkout): CheckoutOutcome {
  if (state === 'PROCESSING') return { __typename: 'CheckoutProcessing', checkoutId }
  if (state === 'AWAITING_PAYMENT' || state === 'PAID') return { __typename: 'CheckoutPlaced', checkoutId }
  return refusal ?? problem('CheckoutEnded', { checkoutId, state })
}
