import type { OrderEndReason } from '@pasar/schema/events/orders'

/** The steps of a checkout, in order. */
export const stepNames = [
  'lockCart',
  'freezeAddress',
  'reserveStock',
  'quoteShipping',
  'placeOrders',
  'createPayment',
  'clearCart',
  'awaitPayment',
  'secureStock',
  'confirmStock',
  'markPaid',
] as const

export type StepName = (typeof stepNames)[number]

/** Where a saga stands; `ended` after its last step, or after its first one was undone. */
export interface SagaPlace {
  readonly step: StepName | 'ended'
  readonly compensating: boolean
}

/** How a checkout ends whose steps are undone. */
export interface SagaEnd {
  readonly state: 'FAILED' | 'EXPIRED' | 'CANCELLED'
  readonly reason: OrderEndReason
}

/** Until this step buyers wait in front of a screen: a participant that does not answer for too long ends the checkout. */
const lastImpatientStep: StepName = 'createPayment'

const index = (step: StepName) => stepNames.indexOf(step)

/** Whether a wish to end is still heeded: until the payment has come. */
export const endsOnWish = (step: StepName): boolean => index(step) <= index('awaitPayment')

export const isImpatient = (step: StepName): boolean => index(step) <= index(lastImpatientStep)

/** Where a saga stands after its step is done, or undone. */
export function after({ step, compensating }: SagaPlace & { readonly step: StepName }): SagaPlace {
  const next = stepNames[index(step) + (compensating ? -1 : 1)]
  return next ? { step: next, compensating } : { step: 'ended', compensating }
}

/** How a saga that is undone will end, by what was wished of it and what payments said. */
export function endOf(ending: string | null, payment: string | null): SagaEnd {
  if (ending === 'CANCELLED_BY_BUYER') return { state: 'CANCELLED', reason: 'CANCELLED_BY_BUYER' }
  if (ending === 'UNPAID' || payment === 'EXPIRED') return { state: 'EXPIRED', reason: 'UNPAID' }
  return { state: 'FAILED', reason: 'PAYMENT_FAILED' }
}

/** How long to leave a participant alone that did not answer for the n-th time: 0.2 s doubling up to 30 s, half of it by chance. */
export const backOffMs = (attempts: number, chance: number): number =>
  Math.min(30_000, 200 * 2 ** Math.min(attempts, 10)) * (0.5 + chance / 2)

/** How long participants that do not answer are waited for before a checkout is given up. */
export const patienceMs = 15 * 60_000
