import { readFileSync } from 'node:fs'
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'

// The gateway as its manual starts it, with the one hook that forwards who asks.
interface Context {
  readonly forwarded?: string | undefined
}

const header = process.env['FORWARD']!

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(process.env['SUPERGRAPH']!, 'utf8'),
  buildService: ({ url }) =>
    new RemoteGraphQLDataSource<Context>({
      ...(url !== undefined && { url }),
      willSendRequest({ request, context }) {
        if (context.forwarded !== undefined) request.http?.headers.set(header, context.forwarded)
      },
    }),
})

await startStandaloneServer(new ApolloServer<Context>({ gateway }), {
  listen: { host: '127.0.0.1', port: Number(process.env['PORT']) },
  context: async ({ req }) => ({ forwarded: req.headers[header]?.toString() }),
})
