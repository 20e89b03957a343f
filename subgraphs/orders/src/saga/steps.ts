import type { NewEvent } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import type { Checkout, CheckoutProblem } from '../domain/checkout.ts'
import { reservedLongerMs } from '../domain/deadlines.ts'
import type { SagaPlace, StepName } from '../domain/saga-flow.ts'
import {
  merged,
  partsByShop,
  quantities,
  categoriesOf,
  shownOrigins,
  type Origin,
  type ShownOrigin,
} from '../domain/plan-orders.ts'
import { openToPay } from '../store/placed-orders.ts'
import { showPayment, type PaymentNews } from '../store/sagas.ts'
import type { SagaContext } from './context.ts'
import type { LockAnswer, QuoteGroup, ReserveAnswer } from './participants.ts'
import { ofShop, placeOrders } from './place-orders.ts'
import { abandonOrders, lostStock, markCheckoutPaid, markOrdersPaid, refundOrders } from './settle-orders.ts'
import { learned, type Outcome, type Step, type Work } from './step.ts'
import { discountFor, keepUses } from './use-vouchers.ts'

const done: Outcome = { kind: 'done' }
const givenUp: Outcome = { kind: 'refused', problem: problem('CheckoutGivenUp', {}) }

async function lockCart({ checkout, participants }: Work): Promise<Outcome> {
  const answer = await participants.lockCart(checkout)
  if (answer.__typename !== 'CartsLocked') return { kind: 'refused', problem: lockRefusal(checkout, answer) }
  const { addressId, lines, groups } = answer
  return { kind: 'done', learned: { cart: { addressId, lines, groups } } }
}

function lockRefusal({ cartId }: Checkout, answer: Exclude<LockAnswer, { readonly __typename: 'CartsLocked' }>): CheckoutProblem {
  if (answer.__typename === 'CartsUnknown') return problem('CheckoutCartUnknown', { cartId })
  if (answer.__typename === 'CartsEmpty') return problem('CheckoutCartEmpty', {})
  if (answer.__typename === 'CartsChanged') return problem('CheckoutCartChanged', { version: answer.version })
  if (answer.__typename === 'CartsBusy') return problem('CheckoutAlreadyRunning', { checkoutId: answer.checkoutId })
  if (answer.__typename === 'CartsIncomplete') return problem('CheckoutCartIncomplete', { missing: answer.missing })
  return problem('CheckoutGivenUp', {})
}

async function unlockCart({ checkout, saga, participants }: Work): Promise<Outcome> {
  const { cartCleared, reserved } = saga.context
  const origins = regenciesOf(reserved?.origins ?? [])
  if (!cartCleared) await participants.unlockCart({ checkoutId: checkout.id, origins })
  return done
}

const regenciesOf = (origins: readonly Origin[]): readonly ShownOrigin[] =>
  origins.map(({ shopId, regencyCode }) => ({ shopId, regencyCode }))

async function freezeAddress(work: Work): Promise<Outcome> {
  const answer = await work.participants.freezeAddress(work.checkout, learned(work, 'cart').addressId)
  if (answer.__typename === 'UsersAddressUnknown') return { kind: 'refused', problem: problem('CheckoutAddressUnknown', {}) }
  const { name, phone, street, districtCode, regencyCode, postalCode } = answer
  return { kind: 'done', learned: { address: { name, phone, street, districtCode, regencyCode, postalCode } } }
}

async function reserveStock(work: Work): Promise<Outcome> {
  const expiresAt = new Date(new Date(learned(work, 'payBy')).getTime() + reservedLongerMs)
  const { lines, groups } = learned(work, 'cart')
  const { buyerId } = work.checkout
  const wanted = { buyerId, lines: quantities(lines), expiresAt, preferredOrigins: shownOrigins(groups) }
  const answer = await work.participants.reserve(work.checkout.id, wanted)
  if (answer.__typename === 'ProductsReserved') {
    return { kind: 'done', learned: { reserved: { lines: merged(answer.lines), origins: answer.origins } } }
  }
  return { kind: 'refused', problem: reserveRefusal(answer) }
}

function reserveRefusal(answer: Exclude<ReserveAnswer, { readonly __typename: 'ProductsReserved' }>): CheckoutProblem {
  if (answer.__typename === 'ProductsOutOfStock') return problem('CheckoutOutOfStock', { lines: answer.lines })
  if (answer.__typename === 'ProductsFlashSaleLimited') return problem('CheckoutFlashSaleLimited', { lines: answer.lines })
  if (answer.__typename === 'ProductsUnavailable') return problem('CheckoutNoLongerSold', { variantIds: answer.variantIds })
  return problem('CheckoutGivenUp', {})
}

async function releaseStock({ checkout, participants }: Work): Promise<Outcome> {
  await participants.release(checkout.id)
  return done
}

/** The parcels of a checkout, with the services that were chosen, as they leave from these places. */
function parcelsFrom(work: Work, origins: readonly ShownOrigin[]): readonly QuoteGroup[] {
  const chosen = learned(work, 'cart').groups
  const destinationRegencyCode = learned(work, 'address').regencyCode
  return partsByShop(learned(work, 'reserved').lines).map(({ shopId, weightGrams, volumeCubicCm }) => ({
    shopId,
    courierServiceId: ofShop(chosen, shopId).courierServiceId,
    originRegencyCode: ofShop(origins, shopId).regencyCode,
    destinationRegencyCode,
    weightGrams,
    volumeCubicCm,
  }))
}

/** Those parcels that leave from other regencies than the goods were reserved in. */
function movedParcels(work: Work, origins: readonly ShownOrigin[]): readonly QuoteGroup[] {
  const before = learned(work, 'reserved').origins
  return parcelsFrom(work, origins).filter((parcel) => parcel.originRegencyCode !== ofShop(before, parcel.shopId).regencyCode)
}

/** Where the cart says that the parcels leave from; where it does not say it, from where they leave. */
function originsAsShown(work: Work): readonly ShownOrigin[] {
  const shown = shownOrigins(learned(work, 'cart').groups)
  return learned(work, 'reserved').origins.map((origin) => shown.find(({ shopId }) => shopId === origin.shopId) ?? origin)
}

/** Who named no total agrees to what the cart has shown: what that was is asked, too, where a parcel leaves from elsewhere. */
async function quoteShipping(work: Work): Promise<Outcome> {
  const { checkout, participants } = work
  const parcels = parcelsFrom(work, learned(work, 'reserved').origins)
  const asShown = checkout.expectedTotal === null ? movedParcels(work, originsAsShown(work)) : []
  const answer = await participants.quote(checkout.id, [...parcels, ...asShown])
  if (answer.__typename === 'LogisticsQuoted') {
    const quotes = answer.groups.slice(0, parcels.length)
    return { kind: 'done', learned: { quotes, shownQuotes: answer.groups.slice(parcels.length) } }
  }
  const { shopId, reason } = answer
  return { kind: 'refused', problem: problem('CheckoutShippingUnavailable', { shopId, reason }) }
}

const cancelOrders = async ({ checkout, saga, clock }: Work): Promise<Outcome> => ({
  kind: 'done',
  write: (tx) => abandonOrders(tx, clock, { checkout, saga }),
})

async function createPayment(work: Work): Promise<Outcome> {
  const { checkout, participants, clock } = work
  const { lines } = learned(work, 'reserved')
  const { used = [] } = work.saga.context
  const orders = learned(work, 'placed').map((order) => {
    const categories = categoriesOf(lines, order.shopId, discountFor(used, order.shopId))
    return { ...order, ...(categories && { categories }) }
  })
  const amount = orders.reduce((total, { itemsAmount, shippingAmount }) => total + itemsAmount + shippingAmount, 0)
  const answer = await participants.createPayment(checkout, { amount, expiresAt: learned(work, 'payBy'), orders })
  if (answer.__typename === 'PaymentsMethodUnavailable') {
    return { kind: 'refused', problem: problem('CheckoutPaymentMethodUnavailable', { method: checkout.paymentMethod }) }
  }
  if (answer.__typename !== 'PaymentsCreated') return givenUp
  const { id: checkoutId, buyerId } = checkout
  const { expiresAt: payBy } = answer
  const payload = { checkoutId, buyerId, payBy }
  const event: NewEvent = { type: 'CheckoutPlaced', aggregateId: checkoutId, keys: [buyerId], payload }
  return { kind: 'done', beside: openToPay(clock, { payBy: new Date(payBy), event }) }
}

async function cancelPayment({ checkout, clock, participants }: Work): Promise<Outcome> {
  const { id: checkoutId, buyerId } = checkout
  const { captured } = await participants.cancelPayment(checkoutId)
  if (!captured) return done
  const news: PaymentNews = { checkoutId, buyerId, payment: 'CAPTURED', now: clock.now() }
  return { kind: 'captured', step: 'clearCart', write: (tx) => showPayment(tx, news) }
}

async function clearCart({ checkout, participants }: Work): Promise<Outcome> {
  await participants.clearCart(checkout.id)
  return { kind: 'done', learned: { cartCleared: true } }
}

async function awaitPayment({ saga }: Work): Promise<Outcome> {
  if (saga.payment === null) return { kind: 'wait' }
  return saga.payment === 'CAPTURED' ? done : { kind: 'refused' }
}

/**
 * Goods whose reservation ran out before the payment came are reserved again, in the same warehouses where these can give them. The money
 * goes back where nobody can, where the courier service that was paid for does not bring them from where they are now, or where somebody
 * else has the voucher's use by now.
 */
async function secureStock(work: Work): Promise<Outcome> {
  const { checkout, clock, saga, participants } = work
  if (!saga.context.stockLost) return done
  const refund: Outcome = { kind: 'end', write: (tx) => refundOrders(tx, clock, checkout) }
  if (saga.context.endedByBuyer || !(await keepUses(work))) return refund
  const reservedAs = learned(work, 'reservedAs')
  const { lines, origins: before } = learned(work, 'reserved')
  const answer = await participants.reserve(reservedAs, {
    buyerId: checkout.buyerId,
    insteadOf: checkout.id,
    lines: quantities(learned(work, 'cart').lines),
    expiresAt: new Date(learned(work, 'reserveUntil')),
    preferredWarehouseIds: [...new Set(lines.flatMap(({ warehouseId }) => warehouseId ?? []))],
    preferredOrigins: regenciesOf(before),
  })
  // This reservation ran out while somebody did not answer, or its release was not written down: the goods may still be there.
  if (answer.__typename === 'ProductsReservationGone') return { kind: 'again', step: 'secureStock', learned: lostStock(clock) }
  if (answer.__typename !== 'ProductsReserved') return refund
  const { origins } = answer
  if (await isBroughtFrom(work, origins)) return { kind: 'done', learned: { stockLost: false, reserved: { lines, origins } } }
  await participants.release(reservedAs)
  return refund
}

/** Whether the services that were paid for also bring the parcels that leave from another regency now; the buyer's price stays. */
async function isBroughtFrom(work: Work, origins: readonly Origin[]): Promise<boolean> {
  const moved = movedParcels(work, origins)
  if (moved.length === 0) return true
  const answer = await work.participants.quote(learned(work, 'reservedAs'), moved)
  return answer.__typename === 'LogisticsQuoted'
}

async function confirmStock(work: Work): Promise<Outcome> {
  const answer = await work.participants.confirm(learned(work, 'reservedAs'))
  if (answer.__typename === 'ProductsConfirmed') return done
  if (answer.__typename !== 'ProductsReservationGone') throw new Error(`products answered ${answer.__typename} to a confirmation`)
  return { kind: 'again', step: 'secureStock', learned: lostStock(work.clock) }
}

const markPaid = async (work: Work): Promise<Outcome> => ({
  kind: 'done',
  beside: markCheckoutPaid(work.clock, work.checkout),
  write: (tx) => {
    const { origins } = learned(work, 'reserved')
    return markOrdersPaid(tx, work.clock, { checkout: work.checkout, reservedAs: learned(work, 'reservedAs'), origins })
  },
})

const always = () => true

/** The checkout saga, in order. What shows to people comes after the reservation; what has no undo changes nothing that must be undone. */
export const steps: readonly Step[] = [
  { name: 'lockCart', run: lockCart, undo: unlockCart, changesOthers: always },
  { name: 'freezeAddress', run: freezeAddress },
  { name: 'reserveStock', run: reserveStock, undo: releaseStock, changesOthers: always },
  { name: 'quoteShipping', run: quoteShipping },
  { name: 'placeOrders', run: placeOrders, undo: cancelOrders },
  { name: 'createPayment', run: createPayment, undo: cancelPayment, changesOthers: always },
  { name: 'clearCart', run: clearCart, changesOthers: always },
  { name: 'awaitPayment', run: awaitPayment },
  { name: 'secureStock', run: secureStock, changesOthers: ({ stockLost = false }) => stockLost },
  // Whoever finds that the payment is here confirms what was reserved, once or again; which goods those are is written down first.
  { name: 'confirmStock', run: confirmStock, changesOthers: ({ stockLost }) => stockLost !== undefined },
  { name: 'markPaid', run: markPaid },
]

/** Whether what a saga does next changes something at a participant. */
export const nextChangesOthers = (
  { step, compensating }: SagaPlace & { readonly step: StepName },
  context: SagaContext,
): boolean => {
  const { undo, changesOthers } = stepNamed(step)
  return (!compensating || undo !== undefined) && changesOthers?.(context) === true
}

/** The step of a name. */
export const stepNamed = (name: StepName): Step => steps.find((step) => step.name === name)!

/** Whether a step has something to undo. */
export const isUndoable = (name: StepName): boolean => stepNamed(name).undo !== undefined
