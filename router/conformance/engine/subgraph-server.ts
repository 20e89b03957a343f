import { execute, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { Stop } from '@pasar/shared/events/bus'
import { json, listen, type HttpRequest } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import { isRow } from './fixture.ts'
import type { Subgraph } from './subgraph.ts'

/** A request that a subgraph got. */
export interface Fetched {
  readonly fixture: string
  readonly subgraph: string
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** All subgraphs of all fixtures behind one door. */
export interface SubgraphServer {
  /** Where a subgraph is reached. */
  urlOf(fixture: string, subgraph: string): string
  add(fixture: string, subgraphs: readonly Subgraph[]): void
  /** What was asked since the last call. */
  fetched(): readonly Fetched[]
  readonly stop: Stop
}

/** Listens on a free port of this machine. */
export async function openSubgraphServer(): Promise<SubgraphServer> {
  const schemas = new Map<string, GraphQLSchema>()
  let log: Fetched[] = []
  const http = await listen({ host: '127.0.0.1', port: 0, log: openLog('silent', 'conformance') })
  const handle = async ({ parameters, body }: HttpRequest) => {
    const { fixture = '', subgraph = '' } = parameters
    const schema = schemas.get(`${fixture}/${subgraph}`)
    if (!schema) return json(404, { errors: [{ message: 'There is no such subgraph' }] })
    const { query, variables } = JSON.parse(body) as { query: string; variables?: unknown }
    const asked = { fixture, subgraph, query, variables: isRow(variables) ? variables : {} }
    log.push(asked)
    return json(200, await answer(schema, asked))
  }
  http.mount([{ method: 'POST', path: '/:fixture/:subgraph', handle }])
  return {
    urlOf: (fixture, subgraph) => `http://127.0.0.1:${http.port}/${fixture}/${subgraph}`,
    add: (fixture, subgraphs) => subgraphs.forEach(({ name, schema }) => schemas.set(`${fixture}/${name}`, schema)),
    fetched() {
      const since = log
      log = []
      return since
    },
    stop: http.stop,
  }
}

async function answer(schema: GraphQLSchema, { query, variables }: Fetched) {
  const document: DocumentNode = parse(query, { noLocation: true })
  // A router that asks what its subgraph's schema does not allow is wrong, whatever comes of it.
  const invalid = validate(schema, document)
  if (invalid.length > 0) return { errors: invalid }
  return execute({ schema, document, variableValues: variables })
}
