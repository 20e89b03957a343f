import type { ProviderRefund, RefundOutcome } from './provider.ts'

/** What each code means that a refund was not made. */
const codes: Readonly<Record<number, RefundOutcome>> = {
  // Refunds of this method are not open to the market.
  402: 'refused',
  // Where the payment stands, nothing can be given back: it went back before, or its refund window is over.
  412: 'refused',
  // The market has too little money at the provider.
  414: 'later',
}

const jakartaMinute = (time: Date) => (time.getUTCHours() * 60 + time.getUTCMinutes() + 7 * 60) % (24 * 60)

/** ShopeePay gives nothing back from 23:55 to 06:00 in Jakarta; by which code it refuses then is not documented. */
const isClosed = ({ method, now }: ProviderRefund): boolean =>
  method === 'SHOPEEPAY' && (jakartaMinute(now) >= 23 * 60 + 55 || jakartaMinute(now) < 6 * 60)

/** What a refund means that was not taken: a code that is not known may pass. */
export const refusalOf = (code: number, refund: ProviderRefund): RefundOutcome =>
  isClosed(refund) ? 'later' : (codes[code] ?? 'later')
