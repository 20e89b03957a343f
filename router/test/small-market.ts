import { EventEmitter, once } from 'node:events'
import { json, serve, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import { parseJson } from '@pasar/shared/parse-json'
import { buildSchema, execute, graphql, subscribe, validate } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'

/** Just enough of a market for a page to talk to: it says back what credentials it was sent. */
const schema = buildSchema(/* GraphQL */ `
  type Query {
    greeting(name: String!): String!
    credentials: String
  }
  type Mutation {
    signIn(email: String!): Session!
  }
  type Session {
    accessToken: String!
  }
  type Subscription {
    parcel: Parcel!
  }
  type Parcel {
    status: String!
    credentials: String
  }
`)

export type SmallMarket = { readonly url: string; moveParcel(): void; stop(): Promise<void> }

/** Serves `routes` and a GraphQL API at /graphql, over HTTP and graphql-ws, on a free port of the loopback address. */
export async function startSmallMarket(routes: readonly Route[]): Promise<SmallMarket> {
  const operations: Route = { method: 'POST', path: '/graphql', handle: answerOperation }
  const log = openLog('warn', 'small-market')
  const { server, port, stop } = await serve([operations, ...routes], { host: '127.0.0.1', port: 0, log })
  const parcel = parcelInTransit()
  const roots = { subscription: { parcel: parcel.follow } }
  const sockets = new WebSocketServer({ server, path: '/graphql' })
  const live = useServer({ schema, roots, context, execute, subscribe, validate }, sockets)
  return {
    url: `http://127.0.0.1:${port}`,
    moveParcel: parcel.move,
    async stop() {
      await live.dispose()
      await stop()
    },
  }
}

const context = ({ connectionParams }: { connectionParams?: Readonly<Record<string, unknown>> }) => ({
  credentials: connectionParams?.['Authorization'],
})

type Operation = { readonly query: string; readonly variables?: Record<string, unknown>; readonly operationName?: string }

async function answerOperation({ body, headers }: HttpRequest): Promise<HttpResponse> {
  const { query, variables = null, operationName = null } = parseJson(body) as Operation
  const rootValue = {
    greeting: ({ name }: { name: string }) => `Halo, ${name}`,
    credentials: headers['authorization'],
    signIn: ({ email }: { email: string }) => ({ accessToken: `token-of-${email}` }),
  }
  return json(200, await graphql({ schema, source: query, rootValue, variableValues: variables, operationName }))
}

/** One parcel: a follower is told at once where it is, and again when the test moves it. */
function parcelInTransit() {
  const moves = new EventEmitter()
  const moved = once(moves, 'move')
  async function* follow(_: unknown, context: { credentials?: string }) {
    yield { parcel: { status: 'IN_TRANSIT', credentials: context.credentials ?? null } }
    await moved
    yield { parcel: { status: 'DELIVERED', credentials: context.credentials ?? null } }
  }
  return { follow, move: () => void moves.emit('move') }
}
