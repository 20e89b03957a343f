import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Stop } from './bus.ts'
import { limits } from './limits.ts'
import { inEveryLanguage, negotiateLocale, type Locale } from './locale.ts'
import { errorDetails, type Log } from './log.ts'
import { BadInput, CodedError, internalError, type ErrorCode } from './problems.ts'

/** A request as a route gets it: header names in lower case, the body as text, read within limits. */
export interface HttpRequest {
  readonly method: string
  /** Path with query string. */
  readonly url: string
  readonly path: string
  /** Values of `:name` parts of the route's path. */
  readonly parameters: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  readonly signal: AbortSignal
}

/** What a route answers. */
export interface HttpResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** One method and path; `/simulators/:name/*` matches a part and a rest. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'OPTIONS' | 'HEAD' | 'PATCH'
  readonly path: string
  handle(request: HttpRequest): HttpResponse | Promise<HttpResponse>
}

/** A JSON answer. */
export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
})

/** The JSON in a request's body; throws BadInput for anything else. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new BadInput(
      'body',
      inEveryLanguage(() => 'JSON'),
    )
  }
}

/** Where to listen. */
export interface ListenOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly log: Log
}

/** An HTTP server that listens. */
export interface HttpServer {
  readonly server: Server
  readonly port: number
  /** Adds routes; the first that matches a request answers it. */
  mount(routes: readonly Route[]): void
  /** Takes no new requests, waits for those in flight (within limits.drainMs), then closes. */
  stop: Stop
}

const pattern = (path: string) =>
  new RegExp(
    `^${path
      .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')
      .replace(/\*$/, '(?<rest>.*)')}$`,
  )

function parametersOf(groups: Readonly<Record<string, string>> = {}): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    throw new BadInput('path', {
      id: 'teks dengan setiap % mengawali satu karakter tersandi',
      en: 'text in which every % begins an encoded character',
    })
  }
}

const bodyTooLarge = () =>
  new CodedError(
    'BAD_REQUEST',
    {
      id: `Isi permintaan paling besar ${limits.bodyBytesMax} byte`,
      en: `The body may have at most ${limits.bodyBytesMax} bytes`,
    },
    { status: 413 },
  )

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limits.bodyBytesMax) throw bodyTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const flatHeaders = (request: IncomingMessage) =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )

/** A table of routes that can grow while requests come. */
interface RouteTable {
  readonly entries: { readonly route: Route; readonly pattern: RegExp }[]
}

/** Finds the route of each request, and answers failures as JSON without details. */
function handlerOf({ entries }: RouteTable, log: Log) {
  const find = (method: string, path: string) => {
    for (const { route, pattern } of entries) {
      const match = route.method === method ? pattern.exec(path) : null
      if (match) return { route, parameters: parametersOf(match.groups) }
    }
    return undefined
  }
  const answer = async (request: IncomingMessage, signal: AbortSignal): Promise<HttpResponse> => {
    const url = request.url ?? '/'
    const path = url.split('?', 1)[0]!
    const method = request.method ?? 'GET'
    const found = find(method, path) ?? (method === 'HEAD' ? find('GET', path) : undefined)
    if (!found) throw new CodedError('NOT_FOUND', { id: 'Tidak ada apa-apa di sini', en: 'There is nothing here' })
    const body = method === 'POST' || method === 'PATCH' ? await readBody(request) : ''
    return found.route.handle({ method, url, path, parameters: found.parameters, headers: flatHeaders(request), body, signal })
  }
  return async (request: IncomingMessage, response: ServerResponse) => {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const { status, headers, body } = await answer(request, gone.signal).catch((error: unknown) =>
      errorAnswer(codedError(error, log), negotiateLocale(request.headers['accept-language'])),
    )
    if (response.writableEnded || response.destroyed) return
    response.writeHead(status, {
      ...headers,
      'content-length': String(Buffer.byteLength(body ?? '')),
      ...(request.complete ? {} : { connection: 'close' }),
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

function codedError(error: unknown, log: Log): CodedError {
  if (error instanceof CodedError) return error
  log.error(errorDetails(error), 'request failed')
  return internalError()
}

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
}

/** A failure as a JSON answer in its reader's language. */
export function errorAnswer(error: CodedError, locale: Locale, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const { message, extensions } = error.told(locale)
  const { status, ...rest } = extensions
  const code = typeof status === 'number' ? status : (statuses[extensions.code] ?? 400)
  return json(code, { errors: [{ message, extensions: rest }] }, headers)
}

/** Listens before there is anything to answer, so that a taken port is known first; routes are mounted as they become ready. */
export async function listen({ host, port, log }: ListenOptions): Promise<HttpServer> {
  const table: RouteTable = { entries: [] }
  const handle = handlerOf(table, log)
  const options = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 30_000 }
  const server = createServer(options, (request, response) => void handle(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    server,
    port: (server.address() as AddressInfo).port,
    mount: (routes) => void table.entries.push(...routes.map((route) => ({ route, pattern: pattern(route.path) }))),
    stop: () =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.closeAllConnections(), limits.drainMs)
        server.close(() => {
          clearTimeout(force)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

/** Listens and mounts routes; rejects with the system's error when the port is taken. */
export async function serve(routes: readonly Route[], options: ListenOptions): Promise<HttpServer> {
  const http = await listen(options)
  http.mount(routes)
  return http
}
