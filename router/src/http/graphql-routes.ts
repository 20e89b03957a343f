import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http'
import { parseOperation } from '@pasar/shared/operation'
import { NotSignedIn } from '@pasar/shared/problems'
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
    handle: (request) => (playground && prefersHtml(request.headers['accept']) ? playground.handle(request) : onlyPost()),
  },
]

const onlyPost = () =>
  json(405, { errors: [{ message: 'Send operations by POST', extensions: { code: 'BAD_REQUEST' } }] }, { allow: 'POST, OPTIONS' })

async function answerOperation(router: Router, request: HttpRequest): Promise<HttpResponse> {
  requireJson(request)
  const type = responseType(request)
  const requestId = requestIdOf(request.headers['x-request-id'])
  const own = { 'x-request-id': requestId, 'cache-control': 'no-store' }
  const operation = parseOperation(request.body)
  const identity = await identify(router.options.verifyAccessToken, request.headers, requestId).catch(notSignedIn)
  if (identity instanceof NotSignedIn) return badToken(identity, type, own)
  return graphqlAnswer(await router.execute(operation, identity), type, own)
}

function notSignedIn(error: unknown): NotSignedIn {
  if (error instanceof NotSignedIn) return error
  throw error
}

const badToken = ({ message, extensions }: NotSignedIn, type: string, headers: Readonly<Record<string, string>>) =>
  json(
    401,
    { errors: [{ message, extensions }] },
    { ...headers, 'content-type': `${type}; charset=utf-8`, 'www-authenticate': 'Bearer error="invalid_token"' },
  )
