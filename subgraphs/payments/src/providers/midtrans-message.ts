import { createHash } from 'node:crypto'
import { jsonObject } from '@pasar/shared/expectations'
import { minorUnits, type Minor } from '@pasar/shared/money'
import { BadInput } from '@pasar/shared/problems'
import type { ProviderMessage } from '../domain/payment.ts'
import { statusOf, type ProviderStatus } from '../domain/provider-status.ts'
import { isFieldText, needed, needRupiah, sameSecret, textField } from './fields.ts'
import { fieldsIn, isFields, type Fields } from './http-call.ts'
import { cardPayment } from './midtrans-charge.ts'

/** Whole rupiah from the provider's "100000.00"; digits after the point other than zeros are refused, and no float is made. */
export function parseAmount(text: string, field: string): Minor {
  const match = /^(\d{1,15})(?:\.0{1,2})?$/.exec(text)
  if (!match) throw new BadInput(field, { id: 'rupiah bulat, misalnya "100000.00"', en: 'whole rupiah, such as "100000.00"' })
  return minorUnits(BigInt(match[1]!), field)
}

/** The amount as the provider writes it. */
export const amountText = (amount: bigint): string => `${amount}.00`

/** SHA-512 over the order id, status code, amount (literally as received) and server key, as Midtrans documents it. */
export const signatureOf = (fields: Fields, serverKey: string): string =>
  createHash('sha512')
    .update(`${needed(fields, 'order_id')}${needed(fields, 'status_code')}${needed(fields, 'gross_amount')}${serverKey}`)
    .digest('hex')

/** Whether the notification was signed with our server key; takes the same time wherever the signatures differ. */
export function isSigned(fields: Fields, serverKey: string): boolean {
  const given = fields['signature_key']
  const isComplete = ['order_id', 'status_code', 'gross_amount'].every((name) => isFieldText(fields[name]))
  return isComplete && typeof given === 'string' && sameSecret(given.toLowerCase(), signatureOf(fields, serverKey))
}

/** The newest refund's key: what tells two refunds of one payment apart. */
function reversalKeyOf({ refunds }: Fields): string | null {
  const last: unknown = Array.isArray(refunds) ? refunds.at(-1) : undefined
  if (!isFields(last)) return null
  return (
    textField(last, 'refund_key') ??
    (typeof last['refund_chargeback_id'] === 'number' ? String(last['refund_chargeback_id']) : null)
  )
}

/** Refund keys that the provider has carried out. */
export const refundKeysOf = ({ refunds }: Fields): string[] =>
  fieldsIn(refunds).flatMap((refund) => textField(refund, 'refund_key') ?? [])

/** The answer to a charge, a status query or what ends a payment; a notification has the same fields. */
export function parseMessage(fields: unknown): ProviderMessage {
  if (!isFields(fields)) throw new BadInput('body', jsonObject)
  const [providerStatus, statusCode, fraudStatus] = [
    needed(fields, 'transaction_status'),
    needed(fields, 'status_code'),
    textField(fields, 'fraud_status'),
  ]
  const status = statusOf(providerStatus, statusCode, fraudStatus)
  if (!status)
    throw new BadInput('transaction_status', {
      id: 'status yang didokumentasikan Midtrans',
      en: 'a status that Midtrans documents',
    })
  needRupiah(fields)
  const reversed = textField(fields, 'refund_amount')
  return {
    provider: 'MIDTRANS',
    paymentId: needed(fields, 'order_id'),
    transactionId: needed(fields, 'transaction_id'),
    status,
    providerStatus,
    statusCode,
    fraudStatus,
    amount: parseAmount(needed(fields, 'gross_amount'), 'gross_amount'),
    reversedAmount: reversed === null ? null : parseAmount(reversed, 'refund_amount'),
    reversedBy: null,
    refundKeys: refundKeysOf(fields),
    reversalKey: reversalKeyOf(fields),
    key: null,
  }
}

/** How an attempt with a card ends without money. */
const failed: readonly ProviderStatus[] = ['deny', 'failure', 'expire']

/**
 * A notification. Of a card that was not taken it tells of that attempt alone: the page stays open for another card. The answer to a query
 * has the same names, and may end the payment; so the notification has a name of its own.
 */
export function parseNotification(fields: Fields): ProviderMessage {
  const message = parseMessage(fields)
  if (textField(fields, 'payment_type') !== cardPayment || !failed.includes(message.status)) return message
  const { transactionId, statusCode, providerStatus } = message
  return { ...message, status: 'pending', key: ['attempt', transactionId, statusCode, providerStatus].join(':') }
}
