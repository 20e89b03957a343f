import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { NotSignedIn } from '@pasar/shared/problems'
import { recordScan } from './commands/record-scan.ts'
import type { LogisticsDeps } from './context.ts'
import { parseNotification } from './courier/notification.ts'
import { isSignedBody, signatureHeader } from './courier/signature.ts'

/** Where the courier tells what happened to a parcel. */
export const openRoutes = (deps: LogisticsDeps): readonly Route[] => [
  { method: 'POST', path: '/notifications/courier', handle: (request) => takeNotification(deps, request) },
]

/**
 * 401 for what the courier did not sign, 400 for what cannot be read, 404 for parcels that are not known (yet: the courier sends it
 * again), 200 for everything else, also when it has no effect.
 */
async function takeNotification(deps: LogisticsDeps, { headers, body }: HttpRequest): Promise<HttpResponse> {
  if (!isSignedBody(body, headers[signatureHeader], deps.courierSecret)) {
    deps.log.warn({ bytes: body.length }, 'courier notification with a wrong signature')
    throw new NotSignedIn({ id: 'Tanda tangan tidak cocok dengan isinya', en: 'The signature does not fit the body' })
  }
  const outcome = await recordScan(deps, parseNotification(body))
  if (outcome === 'UNKNOWN') return json(404, { outcome })
  if (outcome === 'REFUSED') deps.log.warn({ outcome }, 'courier notification of an impossible move')
  return json(200, { outcome })
}
