import { errorAnswer, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http'
import { negotiateLocale } from '@pasar/shared/locale'
import { parseOperation } from '@pasar/shared/operation'
import { CodedError, NotSignedIn } from '@pasar/shared/problems'
import { graphqlPath } from '@pasar/shared/transport'
import { identify, requestIdOf } from '../identity/identify.ts'
import { prefersHtml } from '../pages/accept-html.ts'
import type { Router } from '../router.ts'
import { graphqlAnswer, requireJson, responseType } from './negotiate.ts'

/** Operations over HTTP: POST runs them, GET shows the playground to people. */
export const graphqlRoutes = (router: Router, playground: Route | undefined): readonly Route[] => [
  { method: 'POST', path: graphqlPath, handle: (request) => answerOperation(router, request) },
  {
    method: 'GET',
    path: graphqlPath,
    handle: (request) =>
      playground && prefersHtml(request.headers['accept'])
        ? playground.handle(request)
        : errorAnswer(onlyPost, localeOf(request), { allow: 'POST, OPTIONS' }),
  },
]

const onlyPost = new CodedError(
  'BAD_REQUEST',
  { id: 'Kirim operasi dengan POST', en: 'Send operations by POST' },
  { status: 405 },
)

const localeOf = ({ headers }: HttpRequest) => negotiateLocale(headers['accept-language'])

async function answerOperation(router: Router, request: HttpRequest): Promise<HttpResponse> {
  requireJson(request)
  const type = responseType(request)
  const requestId = requestIdOf(request.headers['x-request-id'])
  const own = { 'x-request-id': requestId, 'cache-control': 'no-store' }
  const operation = parseOperation(request.body)
  const identity = await identify(router.options, request, requestId).catch(notSignedIn)
  if (identity instanceof NotSignedIn) {
    const challenge = { 'content-type': `${type}; charset=utf-8`, 'www-authenticate': 'Bearer error="invalid_token"' }
    return errorAnswer(identity, localeOf(request), { ...own, ...challenge })
  }
  return graphqlAnswer(await router.execute(operation, identity), type, own)
}

function notSignedIn(error: unknown): NotSignedIn {
  if (error instanceof NotSignedIn) return error
  throw error
}
