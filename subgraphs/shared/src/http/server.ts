import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Writable } from 'node:stream'
import type { Stop } from '../events/bus.ts'
import { limits } from '../limits.ts'
import { negotiateLocale, type Locale } from '../locale.ts'
import { errorDetails, type Log } from '../log.ts'
import { BadInput, CodedError, internalError, Unavailable, type ErrorCode } from '../problems.ts'

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
  /** Where the connection comes from. */
  readonly address?: string
}

/** What a route answers. */
export interface HttpResponse {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** In place of a body: called when the headers are on their way; writes the body bit by bit and ends it. */
  readonly stream?: (to: Writable) => void
}

/** One method and path; `/simulators/:name/*` matches a part and a rest. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'OPTIONS' | 'HEAD' | 'PATCH'
  readonly path: string
  /** How many bytes a body may have here, where that is not limits.bodyBytesMax. */
  readonly bodyBytesMax?: number
  handle(request: HttpRequest): HttpResponse | Promise<HttpResponse>
}

/** What becomes of each answer before it is sent, refusals that come before any route included. */
export type Finish = (request: Pick<HttpRequest, 'headers'>, response: HttpResponse) => HttpResponse

/** A JSON answer. */
export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
})

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
  /** Adds routes; the first that matches a request answers it. From then on all answers are finished by `finish`, where one is given. */
  mount(routes: readonly Route[], finish?: Finish): void
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

const bodyTooLarge = (max: number) =>
  new CodedError(
    'BAD_REQUEST',
    { id: `Isi permintaan paling besar ${max} byte`, en: `The body may have at most ${max} bytes` },
    { status: 413 },
  )

/** Whoever sent the first part of a body is gone: nobody reads this, and it is no failure of ours. */
const cutShort = new CodedError('BAD_REQUEST', {
  id: 'Permintaan terputus sebelum seluruh isinya tiba',
  en: 'The request ended before all of its body came',
})

/** Without an iterator over the stream, which costs more than the rest of a small request. */
const readBody = (request: IncomingMessage, max: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= max) chunks.push(chunk)
      else {
        request.pause()
        reject(bodyTooLarge(max))
      }
    })
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8')))
    request.on('error', () => reject(cutShort))
  })

/** Node joins what was sent twice, except Set-Cookie, which is no header of requests. */
const flatHeaders = (request: IncomingMessage) => request.headers as HttpRequest['headers']

/** A table of routes that can grow while requests come. */
interface RouteTable {
  readonly entries: { readonly route: Route; readonly pattern: RegExp }[]
  /** The first route of each method and path without parts that vary: most requests are for one of these. */
  readonly fixed: Map<string, Route>
  finish: Finish
  /** Whether each answer is the last one of its connection: clients that never pause would go on over it. */
  isClosing: boolean
}

/** Adds routes behind those that are there. */
function addRoutes({ entries, fixed }: RouteTable, routes: readonly Route[]): void {
  for (const route of routes) {
    const key = `${route.method} ${route.path}`
    const shadowed = entries.some((entry) => entry.route.method === route.method && entry.pattern.test(route.path))
    if (!shadowed && !/[:*]/.test(route.path)) fixed.set(key, route)
    entries.push({ route, pattern: pattern(route.path) })
  }
}

const noParameters = {}

/** A server that listens and has nothing yet is one that is being opened. */
const absent = ({ entries }: RouteTable) =>
  entries.length === 0
    ? new Unavailable('what is being opened', {
        id: 'Sedang dibuka: coba lagi sebentar lagi',
        en: 'Opening: try again in a moment',
      })
    : new CodedError('NOT_FOUND', { id: 'Tidak ada apa-apa di sini', en: 'There is nothing here' })

/** What may be asked at a path; nothing where only other sites' pages get an answer, as they do at every path. */
const methodsAt = ({ entries }: RouteTable, path: string): readonly string[] => {
  const there = entries.filter((entry) => entry.pattern.test(path)).map(({ route }) => route.method as string)
  if (there.every((method) => method === 'OPTIONS')) return []
  return [...new Set(there.includes('GET') ? ['GET', 'HEAD', ...there] : there)]
}

const otherMethod = (allowed: string) =>
  new CodedError('BAD_REQUEST', { id: `Di sini hanya ada ${allowed}`, en: `There is only ${allowed} here` }, { status: 405 })

/** Its turn may never come, and until then it could write nothing. */
const streamBehindAnother = new CodedError('BAD_REQUEST', {
  id: 'Aliran tidak dimulai di belakang jawaban yang belum selesai: buka di sambungan tersendiri',
  en: 'A stream does not begin behind an answer that has not ended: open it on a connection of its own',
})

/** Finds the route of each request, and answers failures as JSON without details. */
function handlerOf(table: RouteTable, log: Log) {
  const { entries, fixed } = table
  const find = (method: string, path: string) => {
    const known = fixed.get(`${method} ${path}`)
    if (known) return { route: known, parameters: noParameters }
    for (const { route, pattern } of entries) {
      const match = route.method === method ? pattern.exec(path) : null
      if (match) return { route, parameters: parametersOf(match.groups) }
    }
    return undefined
  }
  const nothingAt = (path: string, request: IncomingMessage): HttpResponse => {
    const allowed = methodsAt(table, path).join(', ')
    if (allowed === '') throw absent(table)
    return errorAnswer(otherMethod(allowed), negotiateLocale(request.headers['accept-language']), { allow: allowed })
  }
  const answer = async (request: IncomingMessage): Promise<HttpResponse> => {
    const url = request.url ?? '/'
    const path = url.split('?', 1)[0]!
    const method = request.method ?? 'GET'
    const found = find(method, path) ?? (method === 'HEAD' ? find('GET', path) : undefined)
    if (!found) return nothingAt(path, request)
    const { parameters, route } = found
    const bytesMax = route.bodyBytesMax ?? limits.bodyBytesMax
    const body = method === 'POST' || method === 'PATCH' ? await readBody(request, bytesMax) : ''
    return route.handle({
      method,
      url,
      path,
      parameters,
      headers: flatHeaders(request),
      body,
      address: request.socket.remoteAddress ?? '',
    })
  }
  return async (request: IncomingMessage, response: ServerResponse) => {
    const locale = negotiateLocale(request.headers['accept-language'])
    const answered = await answer(request).catch((error: unknown) => errorAnswer(codedError(error, log), locale))
    if (response.writableEnded || response.destroyed) return
    // Without a socket, a response does not hear that its client is gone either.
    const isEarly = answered.stream !== undefined && response.socket === null
    const told = isEarly ? errorAnswer(streamBehindAnother, locale) : answered
    const { status, headers, body, stream } = table.finish({ headers: flatHeaders(request) }, told)
    if (stream && request.method !== 'HEAD') return startStream(response, { status, headers: headers ?? {}, stream })
    const bytes = Buffer.byteLength(body ?? '')
    response.writeHead(status, {
      ...headers,
      // The length that a client has already is not that of nothing.
      ...(status === 304 ? {} : { 'content-length': String(bytes) }),
      ...(request.complete && !table.isClosing ? {} : { connection: 'close' }),
    })
    // Where every character is one byte, nothing is to be encoded.
    response.end(request.method === 'HEAD' ? undefined : body, bytes === body?.length ? 'latin1' : 'utf8')
  }
}

/** The headers go out at once: whoever waits for the first bit of a live stream knows that it has begun. */
function startStream(response: ServerResponse, { status, headers, stream }: Pick<HttpResponse, 'status' | 'headers' | 'stream'>) {
  response.writeHead(status, headers)
  response.flushHeaders()
  stream?.(response)
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

/**
 * Connections that the system has made and we have not taken yet. A crowd comes in one moment: behind Node's 511, those who find no place try
 * again after a second, and a few are cut off. Systems have a bound of their own (`net.core.somaxconn`, 4,096 on Linux).
 */
const connectionsWaitingMax = 4_096

/** Listens before there is anything to answer, so that a taken port is known first; routes are mounted as they become ready. */
export async function listen({ host, port, log }: ListenOptions): Promise<HttpServer> {
  const table: RouteTable = { entries: [], fixed: new Map(), finish: (_, response) => response, isClosing: false }
  const handle = handlerOf(table, log)
  const options = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 30_000 }
  const server = createServer(options, (request, response) => void handle(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: connectionsWaitingMax }, resolve)
  })
  return {
    server,
    port: (server.address() as AddressInfo).port,
    mount: (routes, finish = table.finish) => {
      addRoutes(table, routes)
      table.finish = finish
    },
    stop: () =>
      new Promise((resolve) => {
        table.isClosing = true
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
