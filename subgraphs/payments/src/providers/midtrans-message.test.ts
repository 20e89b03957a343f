import { describe, expect, it } from 'vitest'
import { isSigned, parseAmount, parseMessage, signatureOf } from './midtrans-message.ts'

/** The example of Midtrans' documentation. */
const example = { order_id: '1111', status_code: '200', gross_amount: '100000.00' }
const key = 'askvnoibnosifnboseofinbofinfgbiufglnbfg'
const signature =
  'edc076b21793ebe3e17926350f5b8ae67d902fe657b3d0aa31b932d5c127e2375d308a2bc94f3265ac2d80a1f181a79b997ac178a236fcff35af263fc4d4c231'
const notification = {
  ...example,
  transaction_id: 'tx',
  transaction_status: 'settlement',
  fraud_status: 'accept',
  currency: 'IDR',
}

describe("Midtrans' signature", () => {
  it('is the documented one', () => {
    expect(signatureOf(example, key)).toBe(signature)
    expect(isSigned({ ...example, signature_key: signature }, key)).toBe(true)
  })
  it.each([
    ['another amount', { gross_amount: '100000.0' }],
    ['another order', { order_id: '1112' }],
    ['another code', { status_code: '201' }],
    ['a short signature', { signature_key: signature.slice(1) }],
    ['no signature', { signature_key: undefined }],
    ['a signature that is not hex', { signature_key: 'é'.repeat(64) }],
  ])('does not fit %s', (_, change) => {
    expect(isSigned({ ...example, signature_key: signature, ...change }, key)).toBe(false)
  })
  it('does not fit another key', () => {
    expect(isSigned({ ...example, signature_key: signature }, `${key}x`)).toBe(false)
  })
})

describe("Midtrans' amounts", () => {
  it.each([
    ['100000.00', 100_000n],
    ['1.0', 1n],
    ['999999999999999', 999_999_999_999_999n],
  ])('%s are whole rupiah', (text, amount) => {
    expect(parseAmount(text, 'gross_amount')).toBe(amount)
  })
  it.each(['100000.50', '1e5', '-1.00', '', '1,000.00', '0x10', '9007199254740993.00', ' 1', '1.000'])(
    '%j are refused',
    (text) => {
      expect(() => parseAmount(text, 'gross_amount')).toThrow('gross_amount')
    },
  )
})

describe("Midtrans' notification", () => {
  it('is read without its format', () => {
    expect(parseMessage(notification)).toMatchObject({
      paymentId: '1111',
      status: 'settlement',
      amount: 100_000n,
      reversedAmount: null,
    })
  })
  it('of refunds tells the newest key and what went back so far', () => {
    const refunds = [{ refund_key: 'a' }, { refund_key: 'b' }]
    const fields = { ...notification, transaction_status: 'partial_refund', refund_amount: '500.00', refunds }
    expect(parseMessage(fields)).toMatchObject({ reversalKey: 'b', reversedAmount: 500n })
  })
  it.each([
    ['order_id', { order_id: 7 }],
    ['transaction_id', { transaction_id: '' }],
    ['transaction_status', { transaction_status: 'paid' }],
    ['currency', { currency: 'USD' }],
    ['gross_amount', { gross_amount: undefined }],
    ['transaction_id', { transaction_id: 'x'.repeat(129) }],
  ])('is refused when %s is wrong', (field, change) => {
    expect(() => parseMessage({ ...notification, ...change })).toThrow(field)
  })
  it.each([null, [], 'text', 7])('is refused when it is %j', (body) => {
    expect(() => parseMessage(body)).toThrow('body')
  })
})
