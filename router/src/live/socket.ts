import type { Server } from 'node:http'
import type { Stop } from '@pasar/shared/bus'
import { iteratorOf } from '@pasar/shared/iterators'
import { negotiateLocale, type Locale } from '@pasar/shared/locale'
import { errorDetails } from '@pasar/shared/log'
import type { Operation } from '@pasar/shared/operation'
import { graphqlPath } from '@pasar/shared/transport'
import { guest, type RequestIdentity, type Viewer } from '@pasar/shared/viewer'
import { GraphQLError, type ExecutionResult, type FormattedExecutionResult } from 'graphql'
import type { Context, SubscribePayload } from 'graphql-ws'
import { useServer, type Extra } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { requestIdOf, verifyBearer } from '../identity/identify.ts'
import type { Admitted } from '../operation/admit.ts'
import type { Router } from '../router.ts'
import { routerLimits } from '../safety/limits.ts'

/** Close codes of graphql-transport-ws that the router sends by itself. */
const forbidden = 4403

type Parameters = Record<string, unknown>

/** What the router remembers of one socket. */
interface Connection {
  viewer: Viewer
  locale: Locale
  /** Subscriptions that were started, so that none outlives the socket. */
  readonly streams: Set<Stream>
  expiry: NodeJS.Timeout | undefined
  closed: boolean
}

type Stream = AsyncIterableIterator<FormattedExecutionResult>

type SocketContext = Context<Parameters, Extra & { connection?: Connection }>

/** Queries, mutations and subscriptions over graphql-transport-ws at the graph's path, through the same gate as over HTTP. */
export function attachSocket(router: Router, server: Server): { stop: Stop } {
  const sockets = new WebSocketServer({ server, path: graphqlPath, maxPayload: routerLimits.socketMessageBytesMax })
  const graph = useServer<Record<string, unknown>, { connection: Connection }>(
    {
      // Never a word about our errors in a close reason, in development either.
      isProd: true,
      connectionInitWaitTimeout: routerLimits.connectionInitMs,
      onConnect: (context) => connect(router, context),
      onSubscribe: (context, _id, payload) => start(router, context, payload),
      // What runs was started in onSubscribe and travels as the context, so that graphql-ws neither validates nor executes.
      subscribe: ({ contextValue }) => contextValue as AsyncIterableIterator<ExecutionResult>,
      execute: ({ contextValue }) => contextValue as ExecutionResult,
      // The result is JSON already; without this hook its errors would have to be GraphQLErrors again.
      onNext: (...given) => given[4] as FormattedExecutionResult,
      onClose: (context) => close(context),
    },
    sockets,
    routerLimits.socketPingMs,
  )
  return {
    async stop() {
      // A client that does not answer a close frame may not hold the process.
      const force = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), routerLimits.socketGoodbyeMs)
      await graph.dispose()
      clearTimeout(force)
    },
  }
}

/** Verifies the token once, when the socket opens; a false answer closes it with 4403. */
async function connect(router: Router, context: SocketContext): Promise<boolean> {
  const { verifyAccessToken, clock } = router.options
  const parameters = context.connectionParams ?? {}
  const headers = context.extra.request.headers
  try {
    const verified = await verifyBearer(verifyAccessToken, textOf(parameters, 'authorization'))
    const locale = negotiateLocale(textOf(parameters, 'accept-language') ?? headers['accept-language'])
    const connection: Connection = {
      viewer: verified?.viewer ?? guest,
      locale,
      streams: new Set(),
      expiry: undefined,
      closed: false,
    }
    context.extra.connection = connection
    if (verified) connection.expiry = closeAt(context, verified.expires.getTime() - clock.now().getTime())
    return true
  } catch {
    return false
  }
}

/** Browsers write `Authorization`, others `authorization`. */
function textOf(parameters: Parameters, name: string): string | undefined {
  const value = Object.entries(parameters).find(([key]) => key.toLowerCase() === name)?.[1]
  return typeof value === 'string' ? value : undefined
}

function closeAt({ extra }: SocketContext, milliseconds: number): NodeJS.Timeout {
  return setTimeout(() => extra.socket.close(forbidden, 'Token expired'), Math.max(0, milliseconds)).unref()
}

async function start(router: Router, context: SocketContext, payload: SubscribePayload) {
  const { connection } = context.extra
  if (!connection) return [internalError()]
  if (Object.keys(context.subscriptions).length > routerLimits.operationsPerSocketMax) return [tooMany()]
  const identity = { viewer: connection.viewer, locale: connection.locale, requestId: requestIdOf(undefined) }
  const admitted = router.admit(operationOf(payload), identity)
  if ('errors' in admitted) return admitted.errors
  try {
    const { guarded, operationName = null } = admitted
    const contextValue = await begin(router, { connection, admitted, identity })
    return { schema: router.schema, document: guarded.document, operationName, contextValue }
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    router.options.log.error({ ...errorDetails(error), requestId: identity.requestId }, 'an operation over a socket failed')
    return [internalError()]
  }
}

interface Beginning {
  readonly connection: Connection
  readonly admitted: Admitted
  readonly identity: RequestIdentity
}

async function begin(router: Router, { connection, admitted, identity }: Beginning): Promise<Stream | FormattedExecutionResult> {
  if (admitted.kind !== 'subscription') return router.run(admitted, identity)
  const frames = await router.subscribe(admitted, identity)
  // The socket may have closed while the upstream was opened: then nobody would ever end it.
  if (connection.closed) await frames.return?.()
  return tracked(connection.streams, frames)
}

/** The same stream, among those that run for as long as it does. */
function tracked(streams: Set<Stream>, frames: Stream): Stream {
  const ended = () => void streams.delete(stream)
  const next = async () => {
    try {
      const result = await frames.next()
      if (result.done) ended()
      return result
    } catch (error) {
      ended()
      throw error
    }
  }
  const stream = iteratorOf(next, async () => {
    ended()
    await frames.return?.()
  })
  streams.add(stream)
  return stream
}

function operationOf({ query, variables, operationName }: SubscribePayload): Operation {
  return { query, ...(variables != null && { variables }), ...(operationName != null && { operationName }) }
}

/** Ends what runs, also what graphql-ws does not know of yet. */
async function close({ extra: { connection } }: SocketContext): Promise<void> {
  if (!connection) return
  connection.closed = true
  clearTimeout(connection.expiry)
  await Promise.all([...connection.streams].map((stream) => stream.return?.()))
}

const tooMany = () =>
  new GraphQLError(`At most ${routerLimits.operationsPerSocketMax} operations may run on one socket`, {
    extensions: { code: 'RATE_LIMITED' },
  })

const internalError = () => new GraphQLError('Internal server error', { extensions: { code: 'INTERNAL_SERVER_ERROR' } })
