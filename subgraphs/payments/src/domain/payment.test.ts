import { minorUnits } from '@pasar/shared/money'
import { describe, expect, it } from 'vitest'
import { decideMessage, messageKey, type PaymentFacts, type ProviderMessage } from './payment.ts'
import type { ProviderStatus } from './provider-status.ts'

const amount = minorUnits(100_000)
const facts = (status: ProviderStatus, rest: Partial<PaymentFacts> = {}): PaymentFacts => ({
  amount,
  status,
  captured: false,
  reversedAmount: minorUnits(0),
  ...rest,
})
const says = (status: ProviderStatus, rest: Partial<ProviderMessage> = {}): ProviderMessage => ({
  provider: 'MIDTRANS',
  paymentId: 'pay_1',
  transactionId: 'tx',
  status,
  providerStatus: status,
  statusCode: '200',
  fraudStatus: null,
  amount,
  reversedAmount: null,
  reversedBy: null,
  reversalKey: null,
  key: null,
  ...rest,
})
const paid = { captured: true }

describe('a message of the provider', () => {
  it('books the money when it was taken', () => {
    expect(decideMessage(facts('pending'), says('settlement'))).toMatchObject({
      outcome: 'APPLIED',
      state: 'CAPTURED',
      capture: true,
    })
  })
  it('books a card once: at the capture and not again at the settlement', () => {
    expect(decideMessage(facts('pending'), says('capture')).capture).toBe(true)
    expect(decideMessage(facts('capture', paid), says('settlement'))).toMatchObject({ outcome: 'APPLIED', capture: false })
  })
  it.each(['pending', 'expire', 'deny', 'capture', 'settlement'] as const)(
    'that comes late (%s) changes nothing after the settlement',
    (late) => {
      expect(decideMessage(facts('settlement', paid), says(late))).toMatchObject({
        outcome: 'SUPERSEDED',
        state: 'CAPTURED',
        capture: false,
        failure: undefined,
      })
    },
  )
  it.each([
    ['expire', 'EXPIRED'],
    ['deny', 'DENIED'],
    ['failure', 'DENIED'],
    ['cancel', 'CANCELLED'],
  ] as const)('of %s ends an unpaid payment as %s', (status, reason) => {
    expect(decideMessage(facts('pending'), says(status))).toMatchObject({ outcome: 'APPLIED', failure: reason, capture: false })
  })
  it('about a refund that we asked for moves the state and disputes nothing', () => {
    const asked = facts('settlement', { ...paid, reversedAmount: amount })
    expect(decideMessage(asked, says('refund'))).toMatchObject({ outcome: 'APPLIED', state: 'REFUNDED', disputed: 0n })
  })
  it('about money that went back unasked disputes exactly what was not known of', () => {
    const asked = facts('settlement', { ...paid, reversedAmount: minorUnits(30_000) })
    expect(decideMessage(asked, says('chargeback'))).toMatchObject({ outcome: 'DISPUTED', disputed: 70_000n })
    expect(decideMessage(asked, says('partial_refund', { reversedAmount: minorUnits(50_000) })).disputed).toBe(20_000n)
    expect(decideMessage(asked, says('partial_refund', { reversedAmount: minorUnits(30_000) })).disputed).toBe(0n)
  })
  it('of a cancelled capture is money that went back', () => {
    expect(decideMessage(facts('capture', paid), says('cancel'))).toMatchObject({
      outcome: 'DISPUTED',
      state: 'REFUNDED',
      disputed: amount,
    })
  })
  it('about a refund that overtook the payment books both', () => {
    expect(decideMessage(facts('pending'), says('refund'))).toMatchObject({ capture: true, disputed: amount, state: 'REFUNDED' })
  })
  it('is told apart by transaction, code, status and refund key', () => {
    const refund = says('partial_refund', { reversalKey: 'a' })
    const others = [
      says('refund'),
      says('settlement'),
      { ...refund, reversalKey: 'b' },
      { ...refund, statusCode: '201' },
      { ...refund, transactionId: 'other' },
    ]
    expect(new Set([refund, ...others].map(messageKey)).size).toBe(6)
  })
})
