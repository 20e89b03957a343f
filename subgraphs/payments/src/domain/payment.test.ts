import { minorUnits } from '@pasar/shared/money'
import { describe, expect, it } from 'vitest'
import {
  decideMessage,
  leavesOpen,
  messageKey,
  type Heard,
  type MessageSource,
  type PaymentFacts,
  type ProviderMessage,
} from './payment.ts'
import type { ProviderStatus } from './provider-status.ts'

const amount = minorUnits(100_000)
const facts = (status: ProviderStatus, rest: Partial<PaymentFacts> = {}): PaymentFacts => ({
  amount,
  status,
  captured: false,
  reversedAmount: minorUnits(0),
  ...rest,
})
const message = (status: ProviderStatus, rest: Partial<ProviderMessage> = {}): ProviderMessage => ({
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
  refundKeys: [],
  reversalKey: null,
  key: null,
  ...rest,
})
const says = (status: ProviderStatus, rest: Partial<ProviderMessage> = {}, source: MessageSource = 'NOTIFICATION'): Heard => ({
  message: message(status, rest),
  source,
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
  it.each([
    ['MARKET', 'cancel', 'SUPERSEDED'],
    ['MARKET', 'expire', 'SUPERSEDED'],
    ['STATUS', 'cancel', 'SUPERSEDED'],
    ['NOTIFICATION', 'deny', 'SUPERSEDED'],
    ['RECONCILIATION', 'deny', 'DISPUTED'],
    ['RECONCILIATION', 'cancel', 'DISPUTED'],
    ['RECONCILIATION', 'pending', 'SUPERSEDED'],
  ] as const)('by way of %s that denies booked money (%s) is %s', (source, status, outcome) => {
    const disputed = outcome === 'DISPUTED' ? amount : 0n
    expect(decideMessage(facts('settlement', paid), says(status, {}, source))).toMatchObject({ outcome, disputed })
  })
  it('leaves open what is true where it denies booked money, or does not fit a payment that may still be paid', () => {
    const booked = facts('settlement', paid)
    for (const source of ['NOTIFICATION', 'STATUS'] as const) expect(leavesOpen(booked, says('expire', {}, source))).toBe(true)
    for (const source of ['MARKET', 'RECONCILIATION'] as const) expect(leavesOpen(booked, says('expire', {}, source))).toBe(false)
    expect(leavesOpen(facts('expire'), says('pending'))).toBe(true)
    expect(leavesOpen(facts('cancel'), says('expire'))).toBe(false)
    expect(leavesOpen(facts('challenge'), says('pending', {}, 'STATUS'))).toBe(false)
  })
  it('is told apart by transaction, code, status and refund key, and by whether the provider was asked about booked money', () => {
    const refund = message('partial_refund', { reversalKey: 'a' })
    const others = [
      message('refund'),
      message('settlement'),
      { ...refund, reversalKey: 'b' },
      { ...refund, statusCode: '201' },
      { ...refund, transactionId: 'other' },
    ]
    const told = [refund, ...others].map((one): Heard => ({ message: one, source: 'NOTIFICATION' }))
    const stoodBy: Heard = { message: refund, source: 'RECONCILIATION' }
    expect(new Set([...told, stoodBy].map(messageKey)).size).toBe(7)
  })
})
