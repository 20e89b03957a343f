import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSchema, execute, graphql, subscribe, validate, type GraphQLSchema } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { prefersHtml } from '../src/pages/accept-html.ts'
import type { Route } from '../src/pages/route.ts'

/** Just enough of a market for a page to talk to: it says back what credentials it was sent. */
export const smallMarketSdl = /* GraphQL */ `
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
`

export type SmallMarket = { readonly url: string; moveParcel(): void; stop(): Promise<void> }

/** Serves `routes` and a GraphQL API at /graphql, over HTTP and graphql-ws, on a free port of the loopback address. */
export async function startSmallMarket(routes: readonly Route[]): Promise<SmallMarket> {
  const schema = buildSchema(smallMarketSdl)
  const parcel = parcelInTransit()
  const server = createServer((request, response) => void respond({ request, response, routes, schema }))
  const sockets = new WebSocketServer({ server, path: '/graphql' })
  const roots = { subscription: { parcel: parcel.follow } }
  const context = ({ connectionParams }: { connectionParams?: Readonly<Record<string, unknown>> }) => ({
    credentials: connectionParams?.['Authorization'],
  })
  const live = useServer({ schema, roots, context, execute, subscribe, validate }, sockets)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    moveParcel: parcel.move,
    async stop() {
      await live.dispose()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Exchange = { request: IncomingMessage; response: ServerResponse; routes: readonly Route[]; schema: GraphQLSchema }

async function respond({ request, response, routes, schema }: Exchange): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const route = routes.find(({ path }) => path === pathname)
  if (request.method === 'POST') return answerOperation({ request, response, schema })
  if (route === undefined || (pathname === '/graphql' && !prefersHtml(request.headers.accept))) {
    response.writeHead(404).end()
    return
  }
  const { status, headers, body } = await route.handle({ headers: request.headers, url: request.url ?? '/' })
  response.writeHead(status, headers).end(body)
}

async function answerOperation({ request, response, schema }: Omit<Exchange, 'routes'>): Promise<void> {
  const body = (await request.setEncoding('utf8').toArray()).join('')
  const { query, variables, operationName } = JSON.parse(body) as { query: string; variables?: Record<string, unknown>; operationName?: string }
  const rootValue = {
    greeting: ({ name }: { name: string }) => `Halo, ${name}`,
    credentials: request.headers.authorization,
    signIn: ({ email }: { email: string }) => ({ accessToken: `token-of-${email}` }),
  }
  const result = await graphql({ schema, source: query, rootValue, variableValues: variables ?? null, operationName: operationName ?? null })
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result))
}

/** One parcel: a follower is told at once where it is, and again when the test moves it. */
function parcelInTransit() {
  let move = () => {}
  const moved = new Promise<void>((resolve) => {
    move = resolve
  })
  async function* follow(_: unknown, context: { credentials?: string }) {
    yield { parcel: { status: 'IN_TRANSIT', credentials: context.credentials ?? null } }
    await moved
    yield { parcel: { status: 'DELIVERED', credentials: context.credentials ?? null } }
  }
  return { follow, move }
}
