import type { IncomingHttpHeaders } from 'node:http'

/** One page or file. `path` is compared exactly; the query string takes no part in it. */
export type Route = {
  readonly method: 'GET'
  readonly path: string
  handle(request: RouteRequest): RouteReply | Promise<RouteReply>
}

export type RouteRequest = { readonly headers: IncomingHttpHeaders; readonly url: string }

export type RouteReply = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string | Buffer }
