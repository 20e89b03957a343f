import './telemetry-off.ts'
import './supergraph/planner-mended.ts'
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import { operationFromDocument } from '@apollo/federation-internals'
import type { QueryPlan } from '@apollo/query-planner'
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import type { Log } from '@pasar/shared/log'
import { print, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { openIsOfType, openTypeOfField, type IsOfType, type TypeOfField } from './execution/possible-types.ts'
import { openEntryKeys, type EntryKeys } from './supergraph/entry-keys.ts'
import { withoutStandIns } from './supergraph/plan-stand-ins.ts'
import { readyForPlanner, type PlannerSupergraph } from './supergraph/ready-for-planner.ts'

/** One supergraph, loaded: it never changes, so that whatever began with it can end with it. */
export interface LoadedGraph {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema
  /** With what clients do not see. */
  readonly supergraphSchema: GraphQLSchema
  readonly isOfType: IsOfType
  readonly typeOfField: TypeOfField
  readonly entryKeys: EntryKeys
  /** Text of the supergraph that plans are made from: it says what a client's names could be taken for. */
  readonly plannedFrom: string
  /** Fields that only plans name, with those that they stand for. */
  readonly standIns: ReadonlyMap<string, string>
  /** Plans an operation that is valid. Takes milliseconds: whoever asks remembers the answer. */
  plan(document: DocumentNode, operationName: string | undefined): QueryPlan
}

/** Apollo's gateway for loading, replacing and planning, under the Apollo Server that starts and stops it. */
export interface Gateway {
  /** The graph of the supergraph that was loaded last. */
  graph(): LoadedGraph
  /** Replaces the supergraph. Rejects, and keeps the one there is, when it cannot be loaded. */
  replace(supergraph: string): Promise<void>
  /** Answers what an operation asks about the schema itself. */
  introspect(document: DocumentNode, variables: Readonly<Record<string, unknown>>): Promise<ExecutionResult>
  stop(): Promise<void>
}

/** What opening a gateway takes. */
export interface GatewayOptions {
  /** Links no security features: the gateway loads none. */
  readonly supergraph: string
  readonly production: boolean
  readonly log: Log
}

const loggerOf = (log: Log) => {
  const say = (level: keyof Log) => (message?: unknown) => log[level]({}, String(message))
  return { debug: say('debug'), info: say('debug'), warn: say('warn'), error: say('error') }
}

/** Plans are run by the router's own executor. */
const neverAsked: GraphQLDataSource = {
  process: () => Promise.reject(new Error('The gateway does not fetch')),
}

/** Loads a supergraph. */
export async function openGateway({ supergraph, production, log }: GatewayOptions): Promise<Gateway> {
  const logger = loggerOf(log)
  let replaceWith: ((supergraph: string) => void) | undefined
  let given = readyForPlanner(supergraph)
  const apolloGateway = new ApolloGateway({
    logger,
    buildService: () => neverAsked,
    supergraphSdl: async ({ update }) => {
      replaceWith = update
      return { supergraphSdl: given.text }
    },
  })
  let loaded: LoadedGraph | undefined
  apolloGateway.onSchemaLoadOrUpdate(() => (loaded = readLoaded(apolloGateway, given)))
  const apollo = new ApolloServer({
    gateway: apolloGateway,
    introspection: !production,
    nodeEnv: production ? 'production' : 'development',
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    // What comes here was validated in the operation that it is a part of.
    dangerouslyDisableValidation: true,
    plugins: [ApolloServerPluginCacheControlDisabled()],
    logger,
  })
  await apollo.start()
  return {
    graph: () => loaded!,
    async replace(next) {
      const before = given
      given = readyForPlanner(next)
      try {
        replaceWith!(given.text)
      } catch (error) {
        given = before
        throw error
      }
    },
    async introspect(document, variables) {
      const { body } = await apollo.executeOperation({ query: print(document), variables: { ...variables } })
      return body.kind === 'single' ? (body.singleResult as ExecutionResult) : {}
    },
    stop: () => apollo.stop(),
  }
}

/** Private by declaration only: building a second planner would cost its time and memory twice. The version is pinned. */
function readLoaded(gateway: ApolloGateway, given: PlannerSupergraph): LoadedGraph {
  const planner = gateway['queryPlanner']
  const apiSchema = gateway['apiSchema']
  const supergraphSchema = gateway['supergraphSchema']
  const { schema } = gateway
  if (!planner || !apiSchema || !supergraphSchema || !schema) throw new Error('The gateway loaded without a planner')
  return {
    schema,
    supergraphSchema,
    isOfType: openIsOfType(supergraphSchema),
    typeOfField: openTypeOfField(supergraphSchema),
    entryKeys: openEntryKeys(supergraphSchema),
    plannedFrom: given.text,
    standIns: new Map([...given.standIns].map(([name, { field }]) => [name, field])),
    plan(document, operationName) {
      const options = operationName === undefined ? {} : { operationName }
      return withoutStandIns(planner.buildQueryPlan(operationFromDocument(apiSchema, document, options)), given)
    },
  }
}
