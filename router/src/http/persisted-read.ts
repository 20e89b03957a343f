import { createHash } from 'node:crypto'
import { errorAnswer, type HttpRequest, type HttpResponse } from '@pasar/shared/http/server'
import { jsonObject } from '@pasar/shared/expectations'
import type { Texts } from '@pasar/shared/locale'
import type { Operation } from '@pasar/shared/subgraph/operation'
import { parseJson } from '@pasar/shared/parse-json'
import { BadInput, CodedError } from '@pasar/shared/problems'
import { toldError } from '@pasar/shared/subgraph/told'
import type { RouterResult } from '../operation/result.ts'
import type { Router } from '../router.ts'
import type { Caller } from '../subgraph/send.ts'
import { graphqlAnswer } from './negotiate.ts'

const onlyQueries: Texts = { id: 'Dengan GET hanya bisa membaca', en: 'By GET one can only read' }

/** The operation that a GET names by its hash or id; undefined when it names none, or writes one out, which only POST may. */
export function persistedRead({ url }: Pick<HttpRequest, 'url'>): Operation | undefined {
  const start = url.indexOf('?')
  if (start < 0) return undefined
  const given = new URLSearchParams(url.slice(start))
  const extensions = given.get('extensions')
  const id = given.get('id')
  if (given.has('query') || (extensions === null && id === null)) return undefined
  const operationName = given.get('operationName')
  const variables = given.get('variables')
  return {
    query: '',
    extensions: id === null ? objectIn('extensions', extensions!) : { persistedQuery: { version: 1, sha256Hash: id } },
    ...(operationName !== null && { operationName }),
    ...(variables !== null && { variables: objectIn('variables', variables) }),
  }
}

function objectIn(field: string, text: string): Record<string, unknown> {
  const value = parseJson(text, field)
  if (!(value instanceof Object) || Array.isArray(value)) throw new BadInput(field, jsonObject)
  return value as Record<string, unknown>
}

/** What answering takes. */
export interface PersistedReading {
  readonly router: Router
  readonly request: HttpRequest
  readonly caller: Caller
  readonly type: string
}

/** What any cache on the way must tell apart. */
const vary = 'Accept, Accept-Language, Authorization'

/** Answers a query that was named: with how long it may be kept, and with a tag by which a client can ask whether it is still true. */
export async function answerPersisted(reading: PersistedReading, operation: Operation, own: Readonly<Record<string, string>>) {
  const { router, request, caller, type } = reading
  const admitted = router.admit(operation, caller)
  if ('errors' in admitted) {
    const errors = admitted.errors.map((error) => toldError(error, caller.locale))
    return graphqlAnswer({ errors }, type, { ...own, vary })
  }
  if (admitted.kind !== 'query')
    return errorAnswer(new CodedError('BAD_REQUEST', onlyQueries, { status: 405 }), caller.locale, { allow: 'POST, OPTIONS' })
  const result = await router.run(admitted, caller)
  // An explanation is its developer's.
  const maxAge = caller.trace ? undefined : router.maxAgeOf(admitted)
  const control = cacheControl(result, maxAge, request.headers['authorization'] !== undefined)
  const answer = graphqlAnswer(result, type, { ...own, vary, 'cache-control': control })
  return control === secret ? answer : tagged(answer, request.headers['if-none-match'])
}

const secret = 'private, no-store'

function cacheControl({ errors = [] }: RouterResult, maxAge: number | undefined, hasToken: boolean): string {
  if (maxAge === undefined || errors.length > 0) return secret
  return hasToken ? 'private, no-cache' : `public, max-age=${maxAge}`
}

function tagged(answer: HttpResponse, known: string | undefined): HttpResponse {
  const etag = `"${createHash('sha256')
    .update(answer.body ?? '')
    .digest('base64url')}"`
  const headers = { ...answer.headers, etag }
  const isKnown = known?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*')
  return isKnown === true ? { status: 304, headers } : { ...answer, headers }
}
