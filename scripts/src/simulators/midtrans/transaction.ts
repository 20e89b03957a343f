import { createHash, randomInt, randomUUID } from 'node:crypto'
import type { Outgoing } from '../deliveries.ts'
import { fieldsIn, type Fields } from '../fields.ts'

/** Money that went back: as a refund, which has a key, or because the bank of a card's holder took it, which has a number. */
export interface GivenBack {
  readonly refund_key?: string
  readonly refund_chargeback_id?: number
  readonly refund_amount: string
  readonly reason: string
  readonly created_at: string
}

/** What the simulated provider knows of one payment; `page` is a card page that nobody has paid on yet. */
export interface Transaction {
  readonly orderId: string
  readonly transactionId: string
  readonly amount: number
  readonly paymentType: string
  readonly status:
    | 'page'
    | 'pending'
    | 'capture'
    | 'settlement'
    | 'deny'
    | 'cancel'
    | 'expire'
    | 'refund'
    | 'partial_refund'
    | 'chargeback'
    | 'partial_chargeback'
  readonly bank?: string
  readonly vaNumber?: string
  readonly qrString?: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly settledAt?: string
  /** When the bank will settle a card's capture. */
  readonly settleAt?: string
  readonly refunds: readonly GivenBack[]
  readonly outgoing: readonly Outgoing[]
}

/** Midtrans writes times of Jakarta, without saying so. */
export const jakartaTime = (time: Date): string =>
  new Date(time.getTime() + 7 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

/** The amount as Midtrans writes it. */
export const amountText = (amount: number): string => `${amount}.00`

/** What stays to be given back. */
export const refundedSoFar = ({ refunds }: Transaction): number =>
  refunds.reduce((total, { refund_amount }) => total + Number.parseInt(refund_amount, 10), 0)

const statusCodes: Readonly<Record<string, string>> = { pending: '201', deny: '202', expire: '407' }

const sign = (fields: { order_id: string; status_code: string; gross_amount: string }, serverKey: string) =>
  createHash('sha512').update(`${fields.order_id}${fields.status_code}${fields.gross_amount}${serverKey}`).digest('hex')

const bankFields = ({ bank, vaNumber }: Transaction) => {
  if (vaNumber === undefined) return {}
  return bank === 'permata' ? { permata_va_number: vaNumber } : { va_numbers: [{ bank, va_number: vaNumber }] }
}

/** The fields that notifications and answers to status queries share, signed. */
export function fieldsOf(transaction: Transaction, serverKey: string): Readonly<Record<string, unknown>> {
  const { orderId, transactionId, amount, paymentType, status, createdAt, expiresAt, settledAt, refunds } = transaction
  const signed = { order_id: orderId, status_code: statusCodes[status] ?? '200', gross_amount: amountText(amount) }
  return {
    ...signed,
    status_message: 'midtrans payment notification',
    transaction_id: transactionId,
    transaction_status: status,
    transaction_time: jakartaTime(new Date(createdAt)),
    expiry_time: jakartaTime(new Date(expiresAt)),
    payment_type: paymentType,
    merchant_id: 'G000000000',
    currency: 'IDR',
    fraud_status: 'accept',
    ...bankFields(transaction),
    ...(settledAt !== undefined && { settlement_time: jakartaTime(new Date(settledAt)) }),
    ...(refunds.length > 0 && { refund_amount: amountText(refundedSoFar(transaction)), refunds }),
    signature_key: sign(signed, serverKey),
  }
}

const defaultMinutes: Readonly<Record<string, number>> = { bank_transfer: 1440, permata: 1440, credit_card: 1440 }
const secondsOf: Readonly<Record<string, number>> = {
  second: 1,
  seconds: 1,
  minute: 60,
  minutes: 60,
  hour: 3600,
  hours: 3600,
  day: 86_400,
  days: 86_400,
}

/** How long it may be paid: as asked for, else what the method has by itself. */
function lifetime(body: Fields, paymentType: string): number {
  const custom = fieldsIn(body['custom_expiry'] ?? body['expiry'])
  const asked = Number(custom['expiry_duration'] ?? custom['duration'])
  const unit = secondsOf[typeof custom['unit'] === 'string' ? custom['unit'] : 'minute']
  return Number.isInteger(asked) && asked > 0 && unit !== undefined ? asked * unit : (defaultMinutes[paymentType] ?? 15) * 60
}

const banks = new Set(['bca', 'bni', 'bri'])

function instrument(paymentType: string, body: Fields, transactionId: string): Partial<Transaction> | undefined {
  const vaNumber = String(randomInt(10 ** 11, 10 ** 12))
  if (paymentType === 'permata') return { bank: 'permata', vaNumber }
  if (paymentType === 'qris') return { qrString: `00020101021226SIMULATOR0118${transactionId}5303360` }
  if (paymentType !== 'bank_transfer')
    return ['gopay', 'shopeepay', 'credit_card', 'kredivo', 'akulaku'].includes(paymentType) ? {} : undefined
  const bank = fieldsIn(body['bank_transfer'])['bank']
  return typeof bank === 'string' && banks.has(bank) ? { bank, vaNumber } : undefined
}

/** A new payment from the body of a charge or of a card page; undefined when it cannot be charged. */
export function transactionFrom(body: Fields, paymentType: string, now: Date): Transaction | undefined {
  const details = fieldsIn(body['transaction_details'])
  const { order_id: orderId, gross_amount: amount } = details
  if (typeof orderId !== 'string' || !/^[\w.~-]{1,50}$/.test(orderId)) return undefined
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount <= 0) return undefined
  const transactionId = randomUUID()
  const extra = instrument(paymentType, body, transactionId)
  if (!extra) return undefined
  const expiresAt = new Date(now.getTime() + lifetime(body, paymentType) * 1000).toISOString()
  const status = paymentType === 'credit_card' ? 'page' : 'pending'
  return {
    orderId,
    transactionId,
    amount,
    paymentType,
    status,
    createdAt: now.toISOString(),
    expiresAt,
    refunds: [],
    outgoing: [],
    ...extra,
  }
}
