import type { ProviderRefund, RefundOutcome } from './provider.ts'

/**
 * Codes of reasons that stay. 402: refunds of this method are not open to the market; 404: Midtrans does not keep the payment any more; 412:
 * where the payment stands, nothing can be given back, because it went back before or its refund window is over. That the market has too
 * little money at Midtrans (414), or that its account there is closed (410), may pass.
 */
const lasting: readonly number[] = [402, 404, 412]

const jakartaMinute = (time: Date) => (time.getUTCHours() * 60 + time.getUTCMinutes() + 7 * 60) % (24 * 60)

/** ShopeePay gives nothing back from 23:55 to 06:00 in Jakarta; by which code it refuses then is not documented. */
const isClosed = ({ method, now }: ProviderRefund): boolean =>
  method === 'SHOPEEPAY' && (jakartaMinute(now) >= 23 * 60 + 55 || jakartaMinute(now) < 6 * 60)

/** What it means that a refund cannot be made now: there is time until its method's window is over. */
export const notNow = ({ isLate }: ProviderRefund): RefundOutcome => (isLate ? 'refused' : 'later')

/** What a refund means that was not taken: a code that is not known may pass. */
export const refusalOf = (code: number, refund: ProviderRefund): RefundOutcome =>
  lasting.includes(code) && !isClosed(refund) ? 'refused' : notNow(refund)
