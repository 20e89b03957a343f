import { Agent, request } from 'undici'
import { CodedError } from '@pasar/shared/problems'
import type { ProviderMessage } from '../domain/payment.ts'
import { cardPageBody, chargeBody, instructionsOf } from './midtrans-charge.ts'
import { parseMessage, refundKeysOf } from './midtrans-message.ts'
import {
  providerSilent,
  type Charge,
  type ChargeOutcome,
  type PaymentProvider,
  type ProviderRefund,
  type RefundOutcome,
} from './provider.ts'

/** How to reach Midtrans, or its simulator. */
export interface MidtransOptions {
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly serverKey: string
}

type Fields = Readonly<Record<string, unknown>>

/** An answer: Midtrans puts the real status code into the body and often answers HTTP 200 around it. */
interface Answer {
  readonly code: number
  readonly fields: Fields
}

type Call = (method: 'GET' | 'POST', url: string, body?: Fields) => Promise<Answer>

/** Midtrans asks merchants to wait up to 15 s; a saga that waits longer than its lease is taken over, so we wait less and ask again. */
const timeoutMs = 4_000
const answerBytesMax = 256 * 1024

/** Card pages live on a host of their own. */
const pageUrl = (baseUrl: string) => baseUrl.replace(/^(https?:\/\/)api\./, '$1app.')

function openCall({ serverKey }: MidtransOptions, dispatcher: Agent): Call {
  const headers = {
    authorization: `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}`,
    accept: 'application/json',
    'content-type': 'application/json',
  }
  return async (method, url, body) => {
    try {
      const response = await request(url, { method, headers, dispatcher, ...(body && { body: JSON.stringify(body) }) })
      const parsed: unknown = await response.body.json()
      const fields = parsed instanceof Object && !Array.isArray(parsed) ? (parsed as Fields) : {}
      const code = Number(fields['status_code'] ?? response.statusCode)
      // Only the provider itself says that it does not know a payment; a proxy's 404 must not end one.
      const foreign = code === 404 && fields['status_code'] === undefined
      if (code >= 500 || code === 429 || foreign) throw providerSilent()
      return { code, fields }
    } catch (error) {
      throw error instanceof CodedError ? error : providerSilent()
    }
  }
}

const known = ({ code, fields }: Answer): ProviderMessage | undefined => (code === 404 ? undefined : parseMessage(fields))

async function chargeCardPage(call: Call, baseUrl: string, charge: Charge): Promise<ChargeOutcome> {
  const { fields } = await call('POST', `${pageUrl(baseUrl)}/snap/v1/transactions`, cardPageBody(charge))
  const instructions = instructionsOf(charge.method, fields, baseUrl)
  return instructions ? { kind: 'charged', instructions, message: undefined } : { kind: 'refused', reason: 'no card page' }
}

async function chargeDirectly(call: Call, baseUrl: string, charge: Charge): Promise<ChargeOutcome> {
  const first = await call('POST', `${baseUrl}/v2/charge`, chargeBody(charge))
  // 406: this payment was asked for before and the answer got lost.
  const { code, fields } = first.code === 406 ? await call('GET', `${baseUrl}/v2/${charge.paymentId}/status`) : first
  if (code >= 400) return { kind: 'refused', reason: `status code ${code}` }
  const instructions = instructionsOf(charge.method, fields, baseUrl)
  if (instructions) return { kind: 'charged', instructions, message: parseMessage(fields) }
  await call('POST', `${baseUrl}/v2/${charge.paymentId}/cancel`)
  return { kind: 'refused', reason: 'no instructions' }
}

async function refund(
  call: Call,
  baseUrl: string,
  { paymentId, refundKey, amount, whole, reason }: ProviderRefund,
): Promise<RefundOutcome> {
  const path = `${baseUrl}/v2/${paymentId}`
  const before = await call('GET', `${path}/status`)
  // Our own key is refused, not the refund: the buyer's money must not turn into a balance because of it.
  if (before.code === 401) throw providerSilent()
  if (refundKeysOf(before.fields).includes(refundKey)) return 'done'
  if (before.fields['transaction_status'] === 'cancel') return whole ? 'done' : 'refused'
  // A card's capture can only be called off as a whole until the bank has settled it.
  if (before.fields['transaction_status'] === 'capture') {
    if (!whole) return 'later'
    return (await call('POST', `${path}/cancel`)).code === 200 ? 'done' : 'later'
  }
  const { code } = await call('POST', `${path}/refund`, { refund_key: refundKey, amount: Number(amount), reason })
  if (code === 200 || code === 201) return 'done'
  const after = await call('GET', `${path}/status`)
  return refundKeysOf(after.fields).includes(refundKey) ? 'done' : 'refused'
}

/** Midtrans' Core API over HTTP, as its documentation describes it. */
export function midtrans(options: MidtransOptions): PaymentProvider {
  const { baseUrl } = options
  const dispatcher = new Agent({
    connections: 32,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs },
    maxResponseSize: answerBytesMax,
  })
  const call = openCall(options, dispatcher)
  const status = async (paymentId: string) => known(await call('GET', `${baseUrl}/v2/${paymentId}/status`))
  return {
    charge: (charge) =>
      charge.method === 'CARD' ? chargeCardPage(call, baseUrl, charge) : chargeDirectly(call, baseUrl, charge),
    status,
    cancel: async (paymentId) => {
      const answer = await call('POST', `${baseUrl}/v2/${paymentId}/cancel`)
      // 412: too late to call it off; the status says why.
      return answer.code === 200 ? parseMessage(answer.fields) : status(paymentId)
    },
    refund: (wanted) => refund(call, baseUrl, wanted),
    stop: () => dispatcher.close(),
  }
}
