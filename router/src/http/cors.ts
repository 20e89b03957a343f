import type { HttpRequest, HttpResponse, Route } from '@pasar/shared/http'

const preflightHeaders = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, accept-language, x-request-id, x-pasar-explain',
  'access-control-max-age': '600',
}

/** Headers that let a page of a listed origin read an answer. Nothing travels with cookies, so credentials are never allowed. */
function corsHeaders(origins: readonly string[], { headers }: Pick<HttpRequest, 'headers'>): Readonly<Record<string, string>> {
  const origin = headers['origin']
  if (origin === undefined || !origins.includes(origin)) return { vary: 'Origin' }
  return { vary: 'Origin', 'access-control-allow-origin': origin, 'access-control-expose-headers': 'x-request-id' }
}

/** What an answer varies by besides the page that asks. */
function varyBy({ headers }: HttpResponse): Readonly<Record<string, string>> {
  return headers?.['vary'] === undefined ? {} : { vary: `${headers['vary']}, Origin` }
}

/** The same routes for pages of the listed origins too, with the answers to their preflight requests. */
export function withCors(routes: readonly Route[], origins: readonly string[]): readonly Route[] {
  const allowed = (request: HttpRequest, response: HttpResponse): HttpResponse => ({
    ...response,
    headers: { ...response.headers, ...corsHeaders(origins, request), ...varyBy(response) },
  })
  const preflight = (request: HttpRequest): HttpResponse => {
    const cors = corsHeaders(origins, request)
    return { status: 204, headers: 'access-control-allow-origin' in cors ? { ...cors, ...preflightHeaders } : cors }
  }
  return [
    ...routes.map((route) => ({
      ...route,
      handle: async (request: HttpRequest) => allowed(request, await route.handle(request)),
    })),
    { method: 'OPTIONS', path: '/*', handle: preflight },
  ]
}
