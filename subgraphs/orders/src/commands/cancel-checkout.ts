import { parseIdempotencyKey, runOnce, type IdempotencyKeyReused } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { isRefusal, problem, type Problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import { isBuyer } from '../access.ts'
import type { OrdersContext } from '../context.ts'
import { isCancellable, type Checkout, type CheckoutState } from '../domain/checkout.ts'
import type { CancelCheckoutInput } from '../generated/resolvers.ts'
import { findCheckouts, getCheckout } from '../store/checkouts.ts'
import { lockSaga, wishEnd } from '../store/sagas.ts'

export type CancelCheckoutOutcome =
  | { readonly __typename: 'CancelCheckoutSuccess' | 'CancelCheckoutProcessing'; readonly checkoutId: string }
  | Problem<'CheckoutNotFound', { checkoutId: string }>
  | Problem<'CheckoutNotCancellable', { state: CheckoutState }>
  | IdempotencyKeyReused

const parseCheckoutId = idParser('checkout')

/** Ends a checkout that waits for payment: wishes it, and drives its saga as far as it goes while the buyer waits. */
export async function cancelCheckout(context: OrdersContext, input: CancelCheckoutInput): Promise<CancelCheckoutOutcome> {
  const { viewer, clock, db, runner } = context
  const { accountId: actor } = requireAccount(viewer)
  const checkoutId = parseCheckoutId(input.checkoutId, 'checkoutId')
  const attempt = { scope: 'cancelCheckout', actor, key: parseIdempotencyKey(input.idempotencyKey), input: { checkoutId } }
  const wished = await runOnce(context, attempt, async (tx) => {
    const saga = await lockSaga(tx, checkoutId)
    const [checkout] = await findCheckouts(tx, [checkoutId])
    if (!saga || !checkout || !isBuyer(viewer, checkout)) return problem('CheckoutNotFound', { checkoutId })
    if (!isCancellable(checkout)) return problem('CheckoutNotCancellable', { state: checkout.state })
    await wishEnd(tx, { checkoutId, ending: 'CANCELLED_BY_BUYER', now: clock.now() })
    return { __typename: 'CancelCheckoutProcessing' as const, checkoutId }
  })
  if (isRefusal(wished)) return wished
  await runner.settle(checkoutId)
  return outcomeOf(await getCheckout(db, checkoutId))
}

function outcomeOf(checkout: Checkout): CancelCheckoutOutcome {
  const { id: checkoutId, state } = checkout
  if (state === 'CANCELLED') return { __typename: 'CancelCheckoutSuccess', checkoutId }
  if (isCancellable(checkout)) return { __typename: 'CancelCheckoutProcessing', checkoutId }
  return problem('CheckoutNotCancellable', { state })
}
