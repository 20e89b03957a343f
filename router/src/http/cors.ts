import type { Finish, HttpRequest, HttpResponse, Route } from '@pasar/shared/http/server'

/** Apollo's clients say who they are and of what version; nothing here listens, but a browser sends nothing that was not allowed. */
const clientHeaders = 'apollographql-client-name, apollographql-client-version, apollo-require-preflight'

const preflightHeaders = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': `authorization, content-type, accept-language, x-request-id, x-pasar-explain, ${clientHeaders}`,
  'access-control-max-age': '600',
}

/** By `date` a page counts down to a deadline by the market's clock, not by that of whoever looks at it. */
const readable = 'x-request-id, retry-after, date'

/** Headers that let a page of a listed origin read an answer. Nothing travels with cookies, so credentials are never allowed. */
function corsHeaders(origins: readonly string[], { headers }: Pick<HttpRequest, 'headers'>): Readonly<Record<string, string>> {
  const origin = headers['origin']
  if (origin === undefined || !origins.includes(origin)) return { vary: 'Origin' }
  return { vary: 'Origin', 'access-control-allow-origin': origin, 'access-control-expose-headers': readable }
}

/**
 * Whether the page that opens a socket may: browsers ask nobody before they open one, and let any page read what comes over it. Who is no
 * browser names no origin; a page of the market's own comes from where it asks.
 */
export const mayOpenSocket = (origins: readonly string[], { origin, host }: HttpRequest['headers']): boolean =>
  origin === undefined || origins.includes(origin) || (URL.canParse(origin) && new URL(origin).host === host)

/** What an answer varies by besides the page that asks. */
function varyBy({ headers }: HttpResponse): Readonly<Record<string, string>> {
  return headers?.['vary'] === undefined ? {} : { vary: `${headers['vary']}, Origin` }
}

/** Lets pages of the listed origins read every answer, refusals too: without it they are told of a network that fails. */
export const withCors =
  (origins: readonly string[]): Finish =>
  (request, response) => ({
    ...response,
    headers: { ...response.headers, ...corsHeaders(origins, request), ...varyBy(response) },
  })

/** Answers what browsers ask before they send anything for a page of another site. */
export const preflightRoute = (origins: readonly string[]): Route => ({
  method: 'OPTIONS',
  path: '/*',
  handle: (request) => {
    const cors = corsHeaders(origins, request)
    return { status: 204, headers: 'access-control-allow-origin' in cors ? preflightHeaders : {} }
  },
})
