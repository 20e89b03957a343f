import type { Writable } from 'node:stream'
import { errorAnswer, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { limits } from '@pasar/shared/limits'
import { negotiateLocale } from '@pasar/shared/locale'
import { parseOperation, type Operation } from '@pasar/shared/subgraph/operation'
import { CodedError, NotSignedIn } from '@pasar/shared/problems'
import { graphqlPath } from '@pasar/shared/http/transport'
import { openFewByFew } from '@pasar/shared/flow/few-by-few'
import { identify, requestIdOf } from '../identity/identify.ts'
import type { Connections } from '../live/connections.ts'
import { writeEvents } from '../live/event-stream.ts'
import { prefersHtml } from '../pages/accept-html.ts'
import type { Router } from '../router.ts'
import { eventStream, graphqlAnswer, plainJson, requireJson, responseType } from './negotiate.ts'
import { answerPersisted, persistedRead } from './persisted-read.ts'

/** What answering operations takes. */
export interface GraphqlRoutesOptions {
  readonly router: Router
  readonly connections: Connections
  readonly playground: Route | undefined
}

/** Operations over HTTP: POST runs them, GET reads what is known by its hash, or shows the playground to people. */
export function graphqlRoutes({ router, connections, playground }: GraphqlRoutesOptions): readonly Route[] {
  const inLine = openLine()
  const read: Route['handle'] = (request) => {
    const operation = persistedRead(request)
    if (operation) return answerRead(router, request, operation)
    return playground && prefersHtml(request.headers['accept'])
      ? playground.handle(request)
      : errorAnswer(onlyPost, localeOf(request), { allow: 'POST, OPTIONS' })
  }
  return [
    { method: 'POST', path: graphqlPath, handle: inLine((request) => answerOperation(router, connections, request)) },
    { method: 'GET', path: graphqlPath, handle: inLine(read) },
  ]
}

const onlyPost = new CodedError(
  'BAD_REQUEST',
  {
    id: 'Kirim operasi dengan POST; GET hanya membaca operasi yang dikenal dari hash atau id-nya',
    en: 'Send operations by POST; GET only reads what is known by its hash or id',
  },
  { status: 405 },
)

/** Neither a cache nor a proxy may hold back what comes bit by bit. */
const streamHeaders = {
  'content-type': `${eventStream}; charset=utf-8`,
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

const busy = {
  id: 'Terlalu banyak permintaan saat ini. Coba lagi sebentar lagi.',
  en: 'Too many requests right now. Try again in a moment.',
}

/** What has begun goes first: a thousand requests in the same moment begin one after the other, in one line whatever they ask for. */
function openLine(): (handle: Route['handle']) => Route['handle'] {
  const turn = openFewByFew({
    perTurn: limits.operationsPerTurnMax,
    waitingMax: limits.operationsWaitingMax,
    what: 'operation',
    busy,
  })
  return (handle) => async (request) => {
    const come = turn()
    if (come) await come
    return handle(request)
  }
}

const localeOf = ({ headers }: HttpRequest) => negotiateLocale(headers['accept-language'])

async function answerOperation(router: Router, connections: Connections, request: HttpRequest): Promise<HttpResponse> {
  requireJson(request)
  const type = responseType(request)
  const requestId = requestIdOf(request.headers['x-request-id'])
  const own = { 'x-request-id': requestId, 'cache-control': 'no-store' }
  const operation = parseOperation(request.body)
  const identity = await identify(router.options, request, requestId).catch(notSignedIn)
  if (identity instanceof NotSignedIn) return challenge(identity, request, { ...own, 'content-type': jsonIn(type) })
  await router.turnOf(operation, identity)
  if (type === eventStream) {
    const { address = '' } = identity
    const stream = (to: Writable) => writeEvents({ router, connections, operation, caller: identity, address }, to)
    return { status: 200, headers: { ...own, ...streamHeaders }, stream }
  }
  return graphqlAnswer(await router.execute(operation, identity), type, own)
}

/** Pages of other sites can make a browser send this, but nothing happens by it, and they can neither send a token nor read the answer. */
async function answerRead(router: Router, request: HttpRequest, operation: Operation): Promise<HttpResponse> {
  const type = responseType(request)
  const requestId = requestIdOf(request.headers['x-request-id'])
  const own = { 'x-request-id': requestId, 'cache-control': 'private, no-store' }
  const caller = await identify(router.options, request, requestId).catch(notSignedIn)
  if (caller instanceof NotSignedIn) return challenge(caller, request, { ...own, 'content-type': jsonIn(type) })
  await router.turnOf(operation, caller)
  return answerPersisted({ router, request, caller, type: type === eventStream ? plainJson : type }, operation, own)
}

/** What is told before a stream begins is no event of it. */
const jsonIn = (type: string) => `${type === eventStream ? plainJson : type}; charset=utf-8`

const challenge = (error: NotSignedIn, request: HttpRequest, headers: Readonly<Record<string, string>>): HttpResponse =>
  errorAnswer(error, localeOf(request), { ...headers, 'www-authenticate': 'Bearer error="invalid_token"' })

function notSignedIn(error: unknown): NotSignedIn {
  if (error instanceof NotSignedIn) return error
  throw error
}
