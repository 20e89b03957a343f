import { json, type Route } from '@pasar/shared/http'
import { parseJson } from '@pasar/shared/parse-json'

/** A notification as a provider sent it. */
export interface Sent {
  readonly provider: 'midtrans' | 'xendit'
  /** The payment that it is about. */
  readonly paymentId: string
  readonly headers: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, unknown>>
}

const paymentOf = (fields: Readonly<Record<string, unknown>>): string => {
  const data = fields['data'] as Readonly<Record<string, unknown>> | undefined
  return String(fields['order_id'] ?? data?.['reference_id'])
}

/** Takes what the providers send in place of the market, so that it can be handed on in other ways than they meant. */
export function openCollector() {
  const sent: Sent[] = []
  const take =
    (provider: Sent['provider']): Route['handle'] =>
    ({ headers, body }) => {
      const fields = parseJson(body) as Readonly<Record<string, unknown>>
      const token = headers['x-callback-token']
      sent.push({
        provider,
        paymentId: paymentOf(fields),
        headers: token === undefined ? {} : { 'x-callback-token': token },
        fields,
      })
      return json(200, {})
    }
  const routes: readonly Route[] = (['midtrans', 'xendit'] as const).map((provider) => ({
    method: 'POST',
    path: `/collected/${provider}`,
    handle: take(provider),
  }))
  return { routes, sent }
}
