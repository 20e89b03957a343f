import { randomUUID } from 'node:crypto'
import { negotiateLocale, type Texts } from '@pasar/shared/locale'
import { NotSignedIn } from '@pasar/shared/problems'
import { guest } from '@pasar/shared/identity/viewer'
import { traceFor } from '../operation/explain.ts'
import type { RouterOptions } from '../router-options.ts'
import type { Caller } from '../subgraph/send.ts'
import type { VerifiedToken, VerifyAccessToken } from './access-token.ts'
import { ownAddress, type Origin } from './client-address.ts'

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** The client's request id if it is a UUID, which says nothing and injects nothing; else a new one. */
export const requestIdOf = (given: string | undefined): string =>
  given !== undefined && uuid.test(given) ? given.toLowerCase() : randomUUID()

const notBearer: Texts = {
  id: 'Authorization: diharapkan "Bearer" dan sebuah access token',
  en: 'Authorization: expected "Bearer" and an access token',
}

/** The token of an Authorization header or connection parameter; undefined when there is none. Throws NotSignedIn for another scheme. */
function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization === '') return undefined
  const match = /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)
  if (!match) throw new NotSignedIn(notBearer)
  return match[1]
}

/** Checks a bearer token if there is one. */
export async function verifyBearer(
  verify: VerifyAccessToken | undefined,
  authorization: string | undefined,
): Promise<VerifiedToken | undefined> {
  if (!verify) return undefined
  const token = bearerToken(authorization)
  return token === undefined ? undefined : verify(token)
}

/** What finding out who asks takes. */
export type IdentifyOptions = Pick<RouterOptions, 'verifyAccessToken' | 'handOn' | 'settings' | 'clientAddress'>

/** Who asks over HTTP, found out once per request. Throws NotSignedIn for a token that is not valid: a guest is who sends none. */
export async function identify(
  { verifyAccessToken, handOn = [], settings, clientAddress = ownAddress }: IdentifyOptions,
  origin: Origin,
  requestId: string,
): Promise<Caller> {
  const { headers } = origin
  const verified = await verifyBearer(verifyAccessToken, headers['authorization'])
  const handedOn = Object.fromEntries(handOn.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])))
  const trace = traceFor(headers, settings.EXPLAIN_TOKEN)
  const locale = negotiateLocale(headers['accept-language'])
  const viewer = verified?.viewer ?? guest
  const address = clientAddress(origin)
  return { viewer, locale, requestId, handedOn, address, token: verified, ...(trace && { trace }) }
}
