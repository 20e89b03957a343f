import { jsonObject } from '@pasar/shared/expectations'
import { json, parseJson, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http'
import { BadInput } from '@pasar/shared/problems'
import { recordMessage, type MessageOutcome } from './commands/record-message.ts'
import type { Deps } from './context.ts'
import { isSigned, parseMessage } from './providers/midtrans-message.ts'

/** The provider stops telling us what we answer 200 to; anything else it tells again. */
const answers: Readonly<Record<MessageOutcome, number>> = {
  APPLIED: 200,
  DISPUTED: 200,
  SUPERSEDED: 200,
  DUPLICATE: 200,
  // Signed with our key but not about us: another installation of the same merchant account.
  UNKNOWN: 200,
  WRONG_AMOUNT: 400,
}

async function receive(deps: Deps, serverKey: string, { body }: HttpRequest): Promise<HttpResponse> {
  const fields = parseJson(body)
  if (!(fields instanceof Object) || Array.isArray(fields)) throw new BadInput('body', jsonObject)
  if (!isSigned(fields as Record<string, unknown>, serverKey)) {
    deps.log.warn({}, 'a payment notification with a wrong signature was refused')
    return json(403, { status: 'refused' })
  }
  const message = parseMessage(fields)
  const outcome = await recordMessage(deps, message, 'NOTIFICATION')
  if (outcome === 'UNKNOWN' || outcome === 'WRONG_AMOUNT' || outcome === 'DISPUTED')
    deps.log.warn({ paymentId: message.paymentId, outcome }, 'a payment notification needs a look')
  return json(answers[outcome], { status: outcome.toLowerCase() })
}

/** Where the provider tells us what happened to payments. */
export const notificationRoutes = (deps: Deps, serverKey: string): readonly Route[] => [
  { method: 'POST', path: '/notifications/midtrans', handle: (request) => receive(deps, serverKey, request) },
]
