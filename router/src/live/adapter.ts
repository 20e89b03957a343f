import type { IncomingMessage, Server } from 'node:http'
import type { Stop } from '@pasar/shared/bus'
import { errorDetails, type Log } from '@pasar/shared/log'
import { handleProtocols, makeServer, type ServerOptions } from 'graphql-ws'
import { WebSocketServer, type WebSocket } from 'ws'
import { routerLimits } from '../safety/limits.ts'

/** What hooks of graphql-ws find beside the protocol's own state. */
export interface SocketExtra {
  readonly socket: WebSocket
  readonly request: IncomingMessage
}

type Parameters = Record<string, unknown>

/** Where sockets come in. */
export interface SocketDoor {
  readonly server: Server
  readonly path: string
  readonly log: Log
}

/**
 * Speaks graphql-transport-ws on WebSockets of an HTTP server. In place of graphql-ws's own adapter for `ws`, which prints what clients
 * do wrong to the console, stack and all.
 */
export function acceptSockets(
  { server, path, log }: SocketDoor,
  options: ServerOptions<Parameters, SocketExtra>,
): { stop: Stop } {
  const graph = makeServer<Parameters, SocketExtra>(options)
  const sockets = new WebSocketServer({ server, path, maxPayload: routerLimits.socketMessageBytesMax, handleProtocols })
  sockets.on('connection', (socket, request) => {
    const stopHeartbeat = startHeartbeat(socket)
    // `ws` closes the socket by itself, with the code that fits.
    socket.on('error', (error) => log.info(errorDetails(error), 'a socket failed'))
    const closed = graph.opened({ protocol: socket.protocol, ...wires(socket, log) }, { socket, request })
    socket.once('close', (code, reason) => {
      stopHeartbeat()
      void closed(code, String(reason))
    })
  })
  return { stop: () => sayGoodbye(sockets) }
}

function wires(socket: WebSocket, log: Log) {
  const fail = (error: unknown) => {
    log.error(errorDetails(error), 'a message of a socket failed')
    socket.close(1011, 'Internal server error')
  }
  return {
    send: (text: string) =>
      new Promise<void>((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) resolve()
        else socket.send(text, (error) => (error ? reject(error) : resolve()))
      }),
    close: (code?: number, reason?: string) => socket.close(code, reason),
    onMessage: (receive: (text: string) => Promise<void>) =>
      void socket.on('message', (text: Buffer) => void receive(String(text)).catch(fail)),
  }
}

/** Ends sockets whose other side is gone without a word. */
function startHeartbeat(socket: WebSocket): () => void {
  let alive = true
  socket.on('pong', () => (alive = true))
  const beat = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, routerLimits.socketPingMs)
  beat.unref()
  return () => clearInterval(beat)
}

/** Closes all sockets; a client that does not answer the close frame may not hold the process. */
async function sayGoodbye(sockets: WebSocketServer): Promise<void> {
  const force = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), routerLimits.socketGoodbyeMs)
  sockets.clients.forEach((socket) => socket.close(1001, 'Going away'))
  await new Promise<void>((resolve) => sockets.close(() => resolve()))
  clearTimeout(force)
}
