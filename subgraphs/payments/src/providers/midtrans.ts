import { jsonObject } from '@pasar/shared/expectations'
import { parseJson } from '@pasar/shared/parse-json'
import { BadInput } from '@pasar/shared/problems'
import type { ProviderMessage } from '../domain/payment.ts'
import type { ProviderStatus } from '../domain/provider-status.ts'
import { isFields, openProviderHttp, type Fields } from './http-call.ts'
import { cardPageBody, chargeBody, instructionsOf, isOnCardPage, isOfMidtrans } from './midtrans-charge.ts'
import { isSigned, parseMessage, parseNotification, refundKeysOf } from './midtrans-message.ts'
import { payoutStatus, readPayout, sendPayout } from './midtrans-payout.ts'
import { notNow, refusalOf } from './midtrans-refund.ts'
import {
  providerSilent,
  type Charge,
  type ChargeOutcome,
  type Notification,
  type PaymentProvider,
  type ProviderRefund,
  type RefundAnswer,
  type RefundOutcome,
} from './provider.ts'

/** How to reach Midtrans, or its simulator. */
export interface MidtransOptions {
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly serverKey: string
  /** Key of the payout service, and the one that it signs its notifications with. */
  readonly payoutKey: string
  readonly merchantKey: string
}

/** An answer: Midtrans puts the real status code into the body and often answers HTTP 200 around it. */
interface Answer {
  readonly code: number
  readonly fields: Fields
}

type Call = (method: 'GET' | 'POST', url: string, body?: Fields) => Promise<Answer>

/** Card pages live on a host of their own. */
const pageUrl = (baseUrl: string) => baseUrl.replace(/^(https?:\/\/)api\./, '$1app.')

const callOver =
  (send: ReturnType<typeof openProviderHttp>['send']): Call =>
  async (method, url, body) => {
    const { httpStatus, fields } = await send({ method, url, ...(body && { body }) })
    const code = Number(fields['status_code'] ?? httpStatus)
    // Only the provider itself says that it does not know a payment; a proxy's 404 must not end one.
    const foreign = code === 404 && fields['status_code'] === undefined
    if (code >= 500 || code === 429 || foreign) throw providerSilent()
    return { code, fields }
  }

const known = ({ code, fields }: Answer): ProviderMessage | undefined => (code === 404 ? undefined : parseMessage(fields))

/** What ends a payment, by where it stands. `cancel` would do for all of these, and give a capture back that came a moment before. */
const endings: Readonly<Partial<Record<ProviderStatus, 'expire' | 'deny' | 'cancel'>>> = {
  pending: 'expire',
  challenge: 'deny',
  // Only the merchant itself captures it, and we never do.
  authorize: 'cancel',
}

/** Calls a payment off that was not paid; answers what the provider knows then. */
async function callOff(call: Call, path: string): Promise<ProviderMessage | undefined> {
  const status = async () => known(await call('GET', `${path}/status`))
  const before = await status()
  const ending = before && endings[before.status]
  if (!ending) return before
  const { code, fields } = await call('POST', `${path}/${ending}`)
  // 412: it has moved on meanwhile; the status says where. A payment that we ended is over for us, by whichever word it was.
  return code === 200 || code === 407 ? { ...parseMessage(fields), status: 'cancel' } : status()
}

async function chargeCardPage(call: Call, baseUrl: string, charge: Charge): Promise<ChargeOutcome> {
  const { fields } = await call('POST', `${pageUrl(baseUrl)}/snap/v1/transactions`, cardPageBody(charge))
  const instructions = instructionsOf(charge.method, fields, baseUrl)
  return instructions
    ? { kind: 'charged', instructions, message: undefined, reference: null }
    : { kind: 'refused', reason: 'no card page' }
}

async function chargeDirectly(call: Call, baseUrl: string, charge: Charge): Promise<ChargeOutcome> {
  const first = await call('POST', `${baseUrl}/v2/charge`, chargeBody(charge))
  // 406: this payment was asked for before and the answer got lost.
  const { code, fields } = first.code === 406 ? await call('GET', `${baseUrl}/v2/${charge.paymentId}/status`) : first
  if (code >= 400) return { kind: 'refused', reason: `status code ${code}` }
  const instructions = instructionsOf(charge.method, fields, baseUrl)
  if (instructions) return { kind: 'charged', instructions, message: parseMessage(fields), reference: null }
  await callOff(call, `${baseUrl}/v2/${charge.paymentId}`)
  return { kind: 'refused', reason: 'no instructions' }
}

const done: RefundAnswer = { outcome: 'done', message: undefined, reference: null }
const notMade = (outcome: RefundOutcome, status: Answer): RefundAnswer => ({ outcome, message: known(status), reference: null })

/** Whether a refund was made: called off, a payment went back as a whole, and each part of it. */
const isMade = ({ fields }: Answer, { refundKey }: ProviderRefund): boolean =>
  refundKeysOf(fields).includes(refundKey) || fields['transaction_status'] === 'cancel'

async function refund(call: Call, baseUrl: string, wanted: ProviderRefund): Promise<RefundAnswer> {
  const { paymentId, refundKey, part, amount, reason } = wanted
  const path = `${baseUrl}/v2/${paymentId}`
  const whole = part === amount
  const status = async () => {
    const answer = await call('GET', `${path}/status`)
    // Our own key is refused, not the refund: the buyer's money must not turn into a balance because of it.
    if (answer.code === 401) throw providerSilent()
    return answer
  }
  const before = await status()
  if (isMade(before, wanted)) return done
  // A card's capture can only be called off as a whole until the bank has settled it.
  const isCaptured = before.fields['transaction_status'] === 'capture'
  if (isCaptured && !whole) return notMade(notNow(wanted), before)
  const { code } = isCaptured
    ? await call('POST', `${path}/cancel`)
    : await call('POST', `${path}/refund`, { refund_key: refundKey, amount: Number(part), reason })
  if (code === 200 || code === 201) return done
  const after = await status()
  return isMade(after, wanted) ? done : notMade(isCaptured ? notNow(wanted) : refusalOf(code, wanted), after)
}

type Keys = Pick<MidtransOptions, 'serverKey' | 'merchantKey'>

/** Payments carry their signature in the body, payouts in a header. */
function read({ headers, body }: Parameters<PaymentProvider['read']>[0], { serverKey, merchantKey }: Keys): Notification {
  const fields = parseJson(body)
  if (!isFields(fields)) throw new BadInput('body', jsonObject)
  const signature = headers['iris-signature']
  if (signature !== undefined) {
    const payout = readPayout({ signature, body, fields }, merchantKey)
    return payout ? { kind: 'payout', payout } : { kind: 'forged' }
  }
  return isSigned(fields, serverKey) ? { kind: 'payment', message: parseNotification(fields) } : { kind: 'forged' }
}

/** Midtrans' Core API over HTTP, as its documentation describes it. */
export function midtrans({ baseUrl, serverKey, payoutKey, merchantKey }: MidtransOptions): PaymentProvider {
  const http = openProviderHttp(serverKey)
  const payouts = openProviderHttp(payoutKey)
  const call = callOver(http.send)
  return {
    name: 'MIDTRANS',
    supports: isOfMidtrans,
    charge: (charge) =>
      isOnCardPage(charge.method) ? chargeCardPage(call, baseUrl, charge) : chargeDirectly(call, baseUrl, charge),
    status: async ({ paymentId }) => known(await call('GET', `${baseUrl}/v2/${paymentId}/status`)),
    cancel: ({ paymentId }) => callOff(call, `${baseUrl}/v2/${paymentId}`),
    refund: (wanted) => refund(call, baseUrl, wanted),
    payout: (payout) => sendPayout(payouts, pageUrl(baseUrl), payout),
    payoutStatus: (payout) => payoutStatus(payouts, pageUrl(baseUrl), payout),
    read: (request) => read(request, { serverKey, merchantKey }),
    stop: async () => {
      await http.stop()
      await payouts.stop()
    },
  }
}
