import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HttpRequest, HttpResponse, Route } from '@pasar/shared/http/server'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Pictures of the demo market and the one that imported products get, at `/pictures/<name>.svg`. */
export const pictures = (): readonly Route[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.svg'))
    .map(pictureRoute)

/** An SVG opened by itself is a document: the policy lets it draw and nothing else. Its address stays when we redraw it, hence the tag. */
function pictureRoute(file: string): Route {
  const body = readFileSync(join(folder, file))
  const headers = {
    etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`,
    'cache-control': 'public, max-age=86400',
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  }
  const picture: HttpResponse = { status: 200, headers: { ...headers, 'content-type': 'image/svg+xml; charset=utf-8' }, body }
  const unchanged: HttpResponse = { status: 304, headers }
  const handle = (request: HttpRequest) => (request.headers['if-none-match'] === headers.etag ? unchanged : picture)
  return { method: 'GET', path: `/pictures/${file}`, handle }
}
