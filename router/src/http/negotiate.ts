import { acceptedValues } from '@pasar/shared/accept'
import type { HttpRequest, HttpResponse } from '@pasar/shared/http/server'
import type { Texts } from '@pasar/shared/locale'
import { CodedError } from '@pasar/shared/problems'
import { resultText, type RouterResult } from '../operation/result.ts'

const graphqlResponse = 'application/graphql-response+json'
/** What clients get that do not say what they like. */
export const plainJson = 'application/json'

/** The media type of server-sent events. */
export const eventStream = 'text/event-stream'

const answerTypes: Texts = {
  id: `Jawaban berupa ${graphqlResponse}, ${plainJson} atau ${eventStream}`,
  en: `Answers are ${graphqlResponse}, ${plainJson} or ${eventStream}`,
}
const bodyType: Texts = {
  id: `Kirim operasi sebagai ${plainJson} dalam UTF-8`,
  en: `Send the operation as ${plainJson} in UTF-8`,
}

/** The media type of the answer: what the client likes best of the three; JSON when it does not say. Throws (406) when it likes none. */
export function responseType({ headers }: Pick<HttpRequest, 'headers'>): string {
  const accept = headers['accept']
  if (accept === undefined) return plainJson
  for (const { value, quality } of acceptedValues(accept)) {
    if (quality === 0) continue
    if (value === graphqlResponse) return graphqlResponse
    if (value === eventStream) return eventStream
    if (value === plainJson || value === 'application/*' || value === '*/*') return plainJson
  }
  throw new CodedError('BAD_REQUEST', answerTypes, { status: 406 })
}

/**
 * Refuses (415) every body that is not JSON in UTF-8. A page of another site can send such a request only after asking the router by
 * CORS, so no browser is made to act for somebody who does not know.
 */
export function requireJson({ headers }: Pick<HttpRequest, 'headers'>): void {
  if (headers['content-type'] === plainJson) return
  const [type, ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';', 8)
    .map((part) => part.trim())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  const readable = charset === undefined || /^charset="?utf-8"?$/.test(charset)
  if (type !== plainJson || !readable) throw new CodedError('BAD_REQUEST', bodyType, { status: 415 })
}

const refusedStatus: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  SERVICE_UNAVAILABLE: 503,
}

/** GraphQL over HTTP: with its own media type a refused operation has a 4xx status, in plain JSON every answered operation has 200. */
export function graphqlAnswer(result: RouterResult, type: string, headers: Readonly<Record<string, string>>): HttpResponse {
  const refused = result.data === undefined
  const code = String(result.errors?.[0]?.extensions?.['code'])
  const status = refused && type === graphqlResponse ? (refusedStatus[code] ?? 400) : 200
  const own = { ...headers, ...retryAfter(result), 'content-type': `${type}; charset=utf-8` }
  return { status, headers: own, body: resultText(result) }
}

function retryAfter({ errors }: RouterResult): Readonly<Record<string, string>> {
  const seconds = errors?.[0]?.extensions?.['retryAfterSeconds']
  return typeof seconds === 'number' ? { 'retry-after': String(seconds) } : {}
}
