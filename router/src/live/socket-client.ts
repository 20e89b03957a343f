import { negotiateLocale, type Locale, type Texts } from '@pasar/shared/locale'
import { errorDetails } from '@pasar/shared/log'
import type { Operation } from '@pasar/shared/subgraph/operation'
import { parseJson } from '@pasar/shared/parse-json'
import { CodedError, isUnavailable } from '@pasar/shared/problems'
import { graphqlError, toldError } from '@pasar/shared/subgraph/told'
import { guest } from '@pasar/shared/identity/viewer'
import { CloseCode, MessageType, validateMessage, type Message, type SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { requestIdOf, verifyBearer } from '../identity/identify.ts'
import type { Router } from '../router.ts'
import { routerLimits } from '../safety/limits.ts'
import type { Caller } from '../subgraph/send.ts'
import type { Connection } from './connections.ts'
import { tooMany } from './endings.ts'
import { Mailbox, type Wording } from './mailbox.ts'
import { Pipe } from './pipe.ts'
import { runOperation, type Begun } from './run-operation.ts'

/** By the protocol of WebSockets; `ws` throws for more. */
const closeReasonBytesMax = 123

type Parameters = Readonly<Record<string, unknown>>

/** An operation that runs, or waits for its turn. */
interface Running {
  readonly mailbox: Mailbox
  turn?: Promise<void> | undefined
  begun?: Begun
}

/** What a socket's client is made of. */
export interface SocketClientOptions {
  readonly router: Router
  readonly connection: Connection
  readonly socket: WebSocket
  /** Where the client is. */
  readonly address: string
  /** The header of the request that opened the socket. */
  readonly acceptLanguage: string | undefined
}

/**
 * One client that speaks graphql-transport-ws. A protocol server of its own, because the package's would read every frame's JSON and write
 * it anew for each client.
 */
export class SocketClient {
  readonly #options: SocketClientOptions
  readonly #pipe: Pipe
  /** What ends each operation that runs, by the client's name for it. */
  readonly #operations = new Map<string, Running>()
  /** Queries and mutations that run on, and what stands in line, though nobody waits for it: it keeps its place. */
  readonly #abandoned = new Set<Promise<void>>()
  readonly #initialisation: NodeJS.Timeout
  #greeted = false
  #identity: Omit<Caller, 'requestId'> | undefined
  #locale: Locale

  constructor(options: SocketClientOptions) {
    this.#options = options
    const { socket, acceptLanguage } = options
    const isFree = () => socket.bufferedAmount < routerLimits.socketBufferedBytesMax
    const sent = () => {
      if (socket.isPaused && isFree()) socket.resume()
      this.#pipe.flush()
    }
    this.#pipe = new Pipe({
      isFree,
      write: (text) => {
        if (socket.readyState === socket.OPEN) socket.send(text, sent)
      },
    })
    this.#locale = negotiateLocale(acceptLanguage)
    const late = () => this.#close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout')
    this.#initialisation = setTimeout(late, routerLimits.connectionInitMs).unref()
    if (socket.protocol === '') this.#close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable')
  }

  /** Takes one message of the client; who takes no answers is not read on, and its heartbeat ends it. */
  receive(text: string): void {
    const { socket, router } = this.#options
    if (socket.readyState !== socket.OPEN) return
    const message = readMessage(text)
    if (!message) return this.#close(CloseCode.BadRequest, 'Invalid message received')
    try {
      this.#take(message)
    } catch (error) {
      router.options.log.error(errorDetails(error), 'a message of a socket failed')
      this.#close(1011, 'Internal server error')
    }
    if (!this.#pipe.isFree()) socket.pause()
  }

  /** Ends everything that runs for the client. */
  end(): void {
    clearTimeout(this.#initialisation)
    for (const id of this.#operations.keys()) this.#stop(id)
  }

  #take(message: Message): void {
    switch (message.type) {
      case MessageType.ConnectionInit:
        return this.#greet(message.payload ?? {})
      case MessageType.Ping:
        return this.#say({ type: MessageType.Pong, ...(message.payload && { payload: message.payload }) })
      case MessageType.Pong:
        return undefined
      case MessageType.Subscribe:
        return this.#start(message.id, message.payload)
      case MessageType.Complete:
        return this.#stop(message.id)
      case MessageType.ConnectionAck:
      case MessageType.Next:
      case MessageType.Error:
        return this.#close(CloseCode.BadRequest, 'Invalid message received')
    }
  }

  #greet(parameters: Parameters): void {
    if (this.#greeted) return this.#close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests')
    this.#greeted = true
    clearTimeout(this.#initialisation)
    this.#locale = negotiateLocale(textOf(parameters, 'accept-language') ?? this.#options.acceptLanguage)
    this.#identify(parameters).catch((error: unknown) => {
      if (isUnavailable(error)) return this.#close(1013, 'Try again later')
      if (!(error instanceof CodedError)) this.#options.router.options.log.error(errorDetails(error), 'a socket was not opened')
      this.#close(CloseCode.Forbidden, 'Forbidden')
    })
  }

  /** Verifies the token once: the socket ends with it. */
  async #identify(parameters: Parameters): Promise<void> {
    const { verifyAccessToken, handOn = [] } = this.#options.router.options
    const verified = await verifyBearer(verifyAccessToken, textOf(parameters, 'authorization'))
    const viewer = verified?.viewer ?? guest
    if (this.#options.socket.readyState !== this.#options.socket.OPEN) return
    if (!this.#options.connection.signIn(viewer, verified)) return this.#close(1013, 'Too many connections')
    const handedOn = Object.fromEntries(
      handOn.flatMap((name) => {
        const value = textOf(parameters, name)
        return value === undefined ? [] : [[name, value]]
      }),
    )
    this.#identity = { viewer, locale: this.#locale, handedOn, address: this.#options.address }
    this.#say({ type: MessageType.ConnectionAck })
  }

  #start(id: string, payload: SubscribePayload): void {
    if (!this.#identity) return this.#close(CloseCode.Unauthorized, 'Unauthorized')
    if (this.#operations.has(id)) {
      const reason = `Subscriber for ${id} already exists`
      const isShort = Buffer.byteLength(reason) <= closeReasonBytesMax
      return this.#close(CloseCode.SubscriberAlreadyExists, isShort ? reason : 'Subscriber already exists')
    }
    const { router, connection, socket } = this.#options
    const caller: Caller = { ...this.#identity, requestId: requestIdOf(undefined) }
    const mailbox: Mailbox = new Mailbox(this.#pipe, this.#wordingOf(id), () => {
      if (this.#operations.get(id)?.mailbox === mailbox) this.#stop(id)
    })
    if (this.#operations.size + this.#abandoned.size >= routerLimits.operationsPerSocketMax)
      return mailbox.fail([tooMany(tooManyOperations)])
    const operation = operationOf(payload)
    const running: Running = { mailbox }
    this.#operations.set(id, running)
    const begin = () => {
      // Its client may have ended it before its turn, or the token may have, and with it the socket.
      if (this.#operations.get(id) !== running || socket.readyState !== socket.OPEN) return
      running.begun = runOperation({ router, connection, caller }, operation, mailbox)
      // It may be over already.
      if (this.#operations.get(id) !== running) running.begun.leave()
    }
    running.turn = router.turnOf(operation, caller)
    if (running.turn) running.turn.then(begin, (error: CodedError) => mailbox.fail([graphqlError(error)]))
    else begin()
  }

  #stop(id: string): void {
    const running = this.#operations.get(id)
    this.#operations.delete(id)
    if (!running) return
    const { mailbox, begun, turn } = running
    mailbox.drop()
    begun?.leave()
    const work = begun ? begun.work : turn
    if (!work) return
    this.#abandoned.add(work)
    const end = () => void this.#abandoned.delete(work)
    work.then(end, end)
  }

  #wordingOf(id: string): Wording {
    const name = JSON.stringify(id)
    return {
      next: (text) => `{"id":${name},"type":"next","payload":${text}}`,
      complete: () => `{"id":${name},"type":"complete"}`,
      fail: (errors) => JSON.stringify({ id, type: 'error', payload: errors.map((error) => toldError(error, this.#locale)) }),
    }
  }

  #say(message: Message): void {
    this.#pipe.write(JSON.stringify(message))
  }

  #close(code: number, reason: string): void {
    this.#options.socket.close(code, reason)
  }
}

/** Undefined for what is no message, or longer than such a message needs to be. */
function readMessage(text: string): Message | undefined {
  try {
    const message = validateMessage(parseJson(text))
    return isTooLong(message, text) ? undefined : message
  } catch {
    return undefined
  }
}

const isTooLong = (message: Message, { length }: string): boolean =>
  message.type === MessageType.Subscribe
    ? message.id.length > routerLimits.operationIdCharactersMax
    : length > routerLimits.socketOtherCharactersMax

/** Browsers write `Authorization`, others `authorization`. */
function textOf(parameters: Parameters, name: string): string | undefined {
  const value = Object.entries(parameters).find(([key]) => key.toLowerCase() === name)?.[1]
  return typeof value === 'string' ? value : undefined
}

const operationOf = ({ query, variables, operationName, extensions }: SubscribePayload): Operation => ({
  query,
  ...(variables != null && { variables }),
  ...(operationName != null && { operationName }),
  ...(extensions != null && { extensions }),
})

const tooManyOperations: Texts = {
  id: `Paling banyak ${routerLimits.operationsPerSocketMax} operasi boleh berjalan di satu soket`,
  en: `At most ${routerLimits.operationsPerSocketMax} operations may run on one socket`,
}
