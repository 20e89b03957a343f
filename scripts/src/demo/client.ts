import { createClient, type Client as Socket } from 'graphql-ws'
import WebSocket from 'ws'
import { Deviation } from './deviation.ts'
import { nameOf, type Operation, type Refusal } from './operation.ts'

/** Values of an operation's variables. */
export type Variables = Readonly<Record<string, unknown>>

/** Hears what a subscription brings. */
export interface Listener<T> {
  next(frame: T): void
  /** The subscription ended, though nobody told it to. */
  lost(reason: string): void
}

/** A person's app: it knows the public graph and, once signed in, a token. */
export interface Client {
  /** The answer of the operation's only root field; a mutation that the market refuses ends the story. */
  ask<T>(operation: Operation<T>, variables?: Variables): Promise<T>
  /** Follows a live field until the returned function is called. */
  follow<T>(operation: Operation<T>, variables: Variables, listener: Listener<T>): () => void
  /** The same market in the hands of someone who has signed in. */
  signedIn(token: string): Client
  /** Closes the sockets of this client and of those made from it. */
  stop(): Promise<void>
}

const answerWithinMs = 20_000

interface Answer<T> {
  readonly data?: Readonly<Record<string, T | (T & Refusal)>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

/** Posts JSON, and gives back what was answered. */
export type Post = (url: string, headers: Readonly<Record<string, string>>, body: object) => Promise<unknown>

/** A client of the market at `url`, made of fetch, unless `post` is another way, and graphql-ws as a storefront would be. */
export function openClient(url: string, post: Post = postByFetch): Client {
  const sockets: Socket[] = []
  const graphql = `${url}/graphql`
  const clientWith = (headers: Readonly<Record<string, string>>): Client => {
    let socket: Socket | undefined
    const connect = () => {
      socket ??= createClient({
        url: graphql.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: headers,
        retryAttempts: 0,
      })
      if (!sockets.includes(socket)) sockets.push(socket)
      return socket
    }
    return {
      ask: async <T>(operation: Operation<T>, variables: Variables = {}) =>
        onlyField(operation, await answered<T>(graphql, post(graphql, headers, { query: operation, variables }))),
      follow: (operation, variables, listener) => subscribe(connect(), { query: operation, variables }, listener),
      signedIn: (token) => clientWith({ authorization: `Bearer ${token}`, 'accept-language': 'en' }),
      stop: async () => {
        await Promise.all(sockets.map(async (open) => open.dispose()))
      },
    }
  }
  return clientWith({ 'accept-language': 'en' })
}

function subscribe<T>(
  socket: Socket,
  request: { readonly query: Operation<T>; readonly variables: Variables },
  listener: Listener<T>,
): () => void {
  let stopped = false
  const lost = (reason: string) => {
    if (!stopped) listener.lost(reason)
  }
  const unsubscribe = socket.subscribe<Record<string, T>>(request, {
    next: (result) => listener.next(onlyField(request.query, result as Answer<T>)),
    error: (error) => lost(reasonOf(error)),
    complete: () => lost('the market ended it'),
  })
  return () => {
    stopped = true
    unsubscribe()
  }
}

const postByFetch: Post = async (url, headers, body) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerWithinMs),
  })
  return response.json()
}

async function answered<T>(url: string, answer: Promise<unknown>): Promise<Answer<T>> {
  try {
    return (await answer) as Answer<T>
  } catch (error) {
    throw new Deviation(`The market at ${url} does not answer: ${reasonOf(error)}`)
  }
}

function onlyField<T>(operation: Operation<T>, { data, errors }: Answer<T>): T {
  const [error] = errors ?? []
  if (error) throw new Deviation(`${nameOf(operation)} failed: ${error.message} (${error.extensions?.code ?? 'no code'})`)
  const value = Object.values(data ?? {})[0] as T
  if (isRefusal(value)) throw new Deviation(`${nameOf(operation)} was refused: ${value.message} (${value.code})`)
  return value
}

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value

function reasonOf(error: unknown): string {
  if (Array.isArray(error)) return error.map((one: { message?: string }) => one.message).join('; ')
  if (error instanceof Error) return error.message
  const { code, reason } = (error ?? {}) as { code?: number; reason?: string }
  return `the connection was closed (${[code, reason].filter(Boolean).join(' ')})`
}
