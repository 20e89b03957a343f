import { json, type Route } from '@pasar/shared/http/server'
import { parseJson } from '@pasar/shared/parse-json'

/** A notification as a provider sent it. */
export interface Sent {
  readonly provider: 'midtrans' | 'xendit'
  /** The payment or the withdrawal that it is about. */
  readonly about: string
  readonly headers: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, unknown>>
}

/** Xendit tells of a refund by the payment request that it is of, and of a dispute beside the event's name; Iris of a payout by a name of its own; the simulators make both of ours. */
const aboutOf = (fields: Readonly<Record<string, unknown>>): string => {
  const {
    event,
    data,
    reference_no: atIris,
  } = fields as {
    readonly event?: string
    readonly data?: Readonly<Record<string, unknown>>
    readonly reference_no?: string
  }
  if (event?.startsWith('refund.')) return String(data?.['payment_request_id']).slice('pr-'.length)
  return atIris?.slice('ir-'.length) ?? String(fields['order_id'] ?? data?.['reference_id'] ?? fields['reference_id'])
}

/** What a notification is signed with, where that is not in its body. */
const signatures = ['x-callback-token', 'iris-signature'] as const

/** Takes what the providers send in place of the market, so that it can be handed on in other ways than they meant. */
export function openCollector() {
  const sent: Sent[] = []
  const take =
    (provider: Sent['provider']): Route['handle'] =>
    ({ headers, body }) => {
      const fields = parseJson(body) as Readonly<Record<string, unknown>>
      const signed = signatures.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]))
      sent.push({ provider, about: aboutOf(fields), headers: Object.fromEntries(signed), fields })
      return json(200, {})
    }
  const routes: readonly Route[] = (['midtrans', 'xendit'] as const).map((provider) => ({
    method: 'POST',
    path: `/collected/${provider}`,
    handle: take(provider),
  }))
  return { routes, sent }
}
