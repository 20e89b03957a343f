import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { graphql, parse } from 'graphql'
import { memoisedServer, noTraffic, type Answer } from './memoised-http.ts'
import { sdlOf, subgraphNames, type SubgraphName } from './names.ts'
import { resolvers } from './resolvers.ts'

// A process of its own: all four subgraphs, each on a port, and a port that tells what came in.
const traffic = noTraffic()

interface GraphqlBody {
  readonly query: string
  readonly variables?: Record<string, unknown>
  readonly operationName?: string
}

function answerOf(name: SubgraphName): Answer {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdlOf(name)), resolvers: resolvers[name] })
  return async (body) => {
    const { query, variables, operationName } = JSON.parse(body) as GraphqlBody
    return JSON.stringify(
      await graphql({
        schema,
        source: query,
        ...(variables && { variableValues: variables }),
        operationName: operationName ?? null,
      }),
    )
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Answers with the count and begins a new one. */
const control = createServer((_, response) => {
  const { authorizations, ...counts } = traffic
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ ...counts, authorizations: [...authorizations] }))
  Object.assign(traffic, { requests: 0, representations: 0, bytes: 0 })
  authorizations.clear()
})

const ports = await Promise.all(subgraphNames.map((name) => listen(memoisedServer(answerOf(name), traffic))))
const urls = Object.fromEntries(subgraphNames.map((name, index) => [name, `http://127.0.0.1:${ports[index]!}/graphql`]))
process.send?.({ urls, control: await listen(control) })
process.on('disconnect', () => process.exit(0))
