import { methods, type MethodTerms, type PaymentMethod } from '../domain/methods.ts'
import { someText } from './fields.ts'
import { fieldsIn, type Fields } from './http-call.ts'
import type { Charge, Instructions } from './provider.ts'

const bankOf: Readonly<Partial<Record<PaymentMethod, string>>> = {
  BCA_VA: 'bca',
  BNI_VA: 'bni',
  BRI_VA: 'bri',
  PERMATA_VA: 'permata',
}

/** OVO and DANA are no methods of Midtrans; the market's own need no provider. */
const notOfMidtrans: readonly PaymentMethod[] = ['OVO', 'DANA', 'WALLET', 'COD']

/** Whether Midtrans offers a way to pay. */
export const isOfMidtrans = (method: PaymentMethod): boolean => !notOfMidtrans.includes(method)

/** Whether it is paid on the provider's own page, with a card and 3-D Secure. */
export const isOnCardPage = (method: PaymentMethod): boolean => method.startsWith('CARD')

/** What Midtrans calls a payment by card. */
export const cardPayment = 'credit_card'

const methodFields = (method: PaymentMethod): Fields => {
  const bank = bankOf[method]
  if (method === 'PERMATA_VA') return { payment_type: 'permata' }
  if (bank) return { payment_type: 'bank_transfer', bank_transfer: { bank } }
  if (method === 'QRIS') return { payment_type: 'qris', qris: { acquirer: 'gopay' } }
  return { payment_type: method.toLowerCase() }
}

/** Midtrans reads times as GMT+7 and wants the offset with an order time. */
export const jakartaTime = (time: Date): string =>
  `${new Date(time.getTime() + 7 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')} +0700`

const secondsBetween = (from: Date, to: Date) => Math.max(1, Math.floor((to.getTime() - from.getTime()) / 1000))

/** Amounts beyond 2^53 do not exist here, see money.ts. */
const details = ({ paymentId, amount }: Charge): Fields => ({ order_id: paymentId, gross_amount: Number(amount) })

/** Body of `POST /v2/charge`. */
export const chargeBody = (charge: Charge): Fields => ({
  ...methodFields(charge.method),
  transaction_details: details(charge),
  custom_expiry: {
    order_time: jakartaTime(charge.now),
    expiry_duration: secondsBetween(charge.now, charge.expiresAt),
    unit: 'second',
  },
})

/** Banks that offer instalments at 0 % for every one of our terms. */
const instalmentBanks = ['bca', 'bni', 'mandiri']

/** The page offers one number of instalments and nothing else: the one that the buyer chose. */
function instalment(method: PaymentMethod): Fields {
  const { instalments }: MethodTerms = methods[method]
  if (instalments === undefined) return {}
  return { installment: { required: true, terms: Object.fromEntries(instalmentBanks.map((bank) => [bank, [instalments]])) } }
}

/** Body of `POST /snap/v1/transactions`: cards are typed into the provider's own page, so that no card number ever reaches us. */
export const cardPageBody = (charge: Charge): Fields => ({
  transaction_details: details(charge),
  enabled_payments: [cardPayment],
  credit_card: { secure: true, ...instalment(charge.method) },
  expiry: {
    start_time: jakartaTime(charge.now),
    duration: Math.max(1, Math.ceil(secondsBetween(charge.now, charge.expiresAt) / 60)),
    unit: 'minutes',
  },
})

const actionUrl = (fields: Fields, name: string) =>
  someText(fieldsIn(fields['actions']).find((action) => action['name'] === name)?.['url'])

function virtualAccount(fields: Fields): Instructions | undefined {
  const permata = someText(fields['permata_va_number'])
  if (permata) return { kind: 'VIRTUAL_ACCOUNT', bank: 'permata', vaNumber: permata }
  const [first] = fieldsIn(fields['va_numbers'])
  const [bank, vaNumber] = [someText(first?.['bank']), someText(first?.['va_number'])]
  return bank && vaNumber ? { kind: 'VIRTUAL_ACCOUNT', bank, vaNumber } : undefined
}

function code(fields: Fields, pictureUrl: string): Instructions {
  const qrString = someText(fields['qr_string'])
  return { kind: 'QR', url: actionUrl(fields, 'generate-qr-code') ?? pictureUrl, ...(qrString && { qrString }) }
}

/**
 * What the buyer has to do, from the answer to a charge or to a status query. A status query repeats virtual accounts; the picture of a QR
 * code has a documented address; a wallet's deep link is lost, and then there are no instructions.
 */
export function instructionsOf(method: PaymentMethod, fields: Fields, baseUrl: string): Instructions | undefined {
  if (bankOf[method]) return virtualAccount(fields)
  const id = someText(fields['transaction_id'])
  if (method === 'QRIS' || method === 'GOPAY')
    return id ? code(fields, `${baseUrl}/v2/${method.toLowerCase()}/${id}/qr-code`) : undefined
  const url = actionUrl(fields, 'deeplink-redirect') ?? someText(fields['redirect_url'])
  return url ? { kind: 'REDIRECT', url } : undefined
}
