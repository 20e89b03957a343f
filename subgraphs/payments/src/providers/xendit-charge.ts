import type { PaymentMethod } from '../domain/methods.ts'
import { someText } from './fields.ts'
import { fieldsIn, type Fields } from './http-call.ts'
import type { Charge, Instructions } from './provider.ts'

/** Xendit's channel of each way to pay; card numbers are typed into its own page, so that none ever reaches us. */
const channels: Readonly<Partial<Record<PaymentMethod, string>>> = {
  BCA_VA: 'BCA_VIRTUAL_ACCOUNT',
  BNI_VA: 'BNI_VIRTUAL_ACCOUNT',
  BRI_VA: 'BRI_VIRTUAL_ACCOUNT',
  PERMATA_VA: 'PERMATA_VIRTUAL_ACCOUNT',
  QRIS: 'QRIS',
  GOPAY: 'GOPAY',
  SHOPEEPAY: 'SHOPEEPAY',
  OVO: 'OVO',
  DANA: 'DANA',
  KREDIVO: 'KREDIVO',
  AKULAKU: 'AKULAKU',
  CARD: 'CARDS',
}

/** Whether Xendit offers a way to pay. Instalments are only offered for some banks there, and not by our interface to it. */
export const isOfXendit = (method: PaymentMethod): boolean => channels[method] !== undefined

/** Whether it is paid on the provider's own page, with a card and 3-D Secure. */
export const isOnSession = (method: PaymentMethod): boolean => method === 'CARD'

/** Whether an event about a payment is of such a page: cards are paid nowhere else. */
export const isPaidOnSession = (data: Fields): boolean => data['channel_code'] === channels.CARD

const common = ({ paymentId }: Charge) => ({ reference_id: paymentId, country: 'ID', currency: 'IDR' })

/** Body of `POST /v3/payment_requests`. */
export const requestBody = (charge: Charge): Fields => ({
  ...common(charge),
  type: 'PAY',
  request_amount: Number(charge.amount),
  capture_method: 'AUTOMATIC',
  channel_code: channels[charge.method],
  channel_properties: { expires_at: charge.expiresAt.toISOString(), display_name: 'Pasar' },
})

/** Body of `POST /sessions`: a page that takes a card, with 3-D Secure. */
export const sessionBody = (charge: Charge): Fields => ({
  ...common(charge),
  session_type: 'PAY',
  mode: 'PAYMENT_LINK',
  amount: Number(charge.amount),
  allowed_payment_channels: ['CARDS'],
  expires_at: charge.expiresAt.toISOString(),
})

/** What the buyer has to do, from the answer to a charge. */
export function xenditInstructions(method: PaymentMethod, fields: Fields): Instructions | undefined {
  const page = someText(fields['payment_link_url'])
  if (page) return { kind: 'REDIRECT', url: page }
  const valueOf = (...descriptors: readonly string[]) =>
    someText(fieldsIn(fields['actions']).find(({ descriptor }) => descriptors.includes(String(descriptor)))?.['value'])
  const vaNumber = valueOf('VIRTUAL_ACCOUNT_NUMBER')
  if (vaNumber) return { kind: 'VIRTUAL_ACCOUNT', bank: method.replace('_VA', '').toLowerCase(), vaNumber }
  const qrString = valueOf('QR_STRING')
  if (qrString) return { kind: 'QR', qrString }
  const url = valueOf('DEEPLINK_URL', 'WEB_URL')
  return url ? { kind: 'REDIRECT', url } : undefined
}
