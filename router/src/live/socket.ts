import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Stop } from '@pasar/shared/events/bus'
import { errorDetails } from '@pasar/shared/log'
import { graphqlPath } from '@pasar/shared/http/transport'
import { handleProtocols } from 'graphql-ws'
import { WebSocketServer, type WebSocket } from 'ws'
import { mayOpenSocket } from '../http/cors.ts'
import { ownAddress, type Origin } from '../identity/client-address.ts'
import type { Router } from '../router.ts'
import { routerLimits } from '../safety/limits.ts'
import type { Closing, Connections } from './connections.ts'
import { SocketClient } from './socket-client.ts'

/** Close codes of WebSockets themselves, and of graphql-transport-ws for who may not go on. */
const closings: Readonly<Record<Closing, readonly [code: number, reason: string]>> = {
  'token expired': [4403, 'Token expired'],
  'session ended': [4403, 'Session ended'],
  'going away': [1001, 'Going away'],
}

/** Queries, mutations and subscriptions over graphql-transport-ws at the graph's path. */
export function attachSockets(router: Router, server: Server, connections: Connections): { stop: Stop } {
  const sockets = new WebSocketServer({
    server,
    path: graphqlPath,
    maxPayload: routerLimits.socketMessageBytesMax,
    handleProtocols,
    verifyClient: ({ req }, decide) => decide(mayOpenSocket(router.options.settings.CORS_ORIGINS, flatHeaders(req)), 403),
  })
  sockets.on('connection', (socket, request) => accept(router, connections, { socket, request }))
  return { stop: () => sayGoodbye(sockets) }
}

interface Opened {
  readonly socket: WebSocket
  readonly request: IncomingMessage
}

function accept(router: Router, connections: Connections, { socket, request }: Opened): void {
  const { log, clientAddress = ownAddress } = router.options
  const address = clientAddress({ address: request.socket.remoteAddress ?? '', headers: flatHeaders(request) })
  // `ws` closes the socket by itself, with the code that fits.
  socket.on('error', (error) => log.info(errorDetails(error), 'a socket failed'))
  const connection = connections.open(address, (why) => socket.close(...closings[why]))
  if (!connection) return socket.close(1013, 'Too many connections')
  const stopHeartbeat = startHeartbeat(socket)
  const client = new SocketClient({ router, connection, socket, address, acceptLanguage: request.headers['accept-language'] })
  socket.on('message', (data: Buffer) => client.receive(String(data)))
  socket.once('close', () => {
    stopHeartbeat()
    client.end()
    connection.leave()
  })
}

/** Ends sockets whose other side is gone without a word, or takes nothing: only who has read a ping can answer it. */
function startHeartbeat(socket: WebSocket): () => void {
  let unanswered: string | undefined
  socket.on('pong', (data) => {
    if (String(data) === unanswered) unanswered = undefined
  })
  const beat = setInterval(() => {
    if (unanswered !== undefined) return socket.terminate()
    unanswered = randomUUID()
    socket.ping(unanswered)
  }, routerLimits.socketPingMs)
  beat.unref()
  return () => clearInterval(beat)
}

/** Waits until all sockets are closed; a client that does not answer the close frame may not hold the process. */
async function sayGoodbye(sockets: WebSocketServer): Promise<void> {
  const force = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), routerLimits.socketGoodbyeMs)
  sockets.clients.forEach((socket) => socket.close(...closings['going away']))
  await new Promise<void>((resolve) => sockets.close(() => resolve()))
  clearTimeout(force)
}

/** Node joins what was sent twice, except Set-Cookie, which is no header of requests. */
const flatHeaders = (request: IncomingMessage) => request.headers as Origin['headers']
