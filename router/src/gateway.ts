import './telemetry-off.ts'
import { ApolloGateway, buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway'
import { operationFromDocument } from '@apollo/federation-internals'
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner'
import type { Log } from '@pasar/shared/log'
import { GraphQLError, print, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql'
import type { RouterContext } from './subgraph/data-source.ts'

/** How to run a subscription: `primary` is what its own subgraph streams, `rest` is what each event needs of the others. */
export interface SubscriptionPlan {
  readonly primary: FetchNode
  /** Primary and rest as an ordinary plan, to be run once for each event. */
  readonly perEvent: QueryPlan
}

/** A plan with what it is run for. */
export interface PlannedRun {
  readonly plan: QueryPlan
  readonly document: DocumentNode
  readonly operationName?: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: RouterContext
  /** Sources that stand in for the real ones. */
  readonly sources?: ServiceMap
}

/** The gateway with what it has but does not show: its planner and its executor. */
export interface Gateway {
  /** For Apollo Server, which wants to load a gateway by itself: this one is loaded already. */
  readonly loaded: Pick<ApolloGateway, 'load' | 'onSchemaLoadOrUpdate' | 'stop'>
  /** The schema that clients see. */
  readonly schema: GraphQLSchema
  /** Names of the subgraphs. */
  readonly subgraphs: readonly string[]
  planSubscription(document: DocumentNode, operationName: string | undefined): SubscriptionPlan
  run(run: PlannedRun): Promise<ExecutionResult>
  source(name: string): ServiceMap[string]
}

/** What opening a gateway takes. */
export interface GatewayOptions {
  readonly supergraph: string
  readonly log: Log
  buildSource(name: string): ServiceMap[string]
}

const loggerOf = (log: Log) => {
  const say = (level: keyof Log) => (message?: unknown) => log[level]({}, String(message))
  return { debug: say('debug'), info: say('debug'), warn: say('warn'), error: say('error') }
}

/** Loads a supergraph that links no security features. */
export async function openGateway({ supergraph, log, buildSource }: GatewayOptions): Promise<Gateway> {
  const logger = loggerOf(log)
  const apollo = new ApolloGateway({ supergraphSdl: supergraph, logger, buildService: ({ name }) => buildSource(name) })
  const { schema, executor } = await apollo.load()
  // Private by declaration only. Building a second planner would cost its time and memory twice; the version is pinned.
  const planner = apollo['queryPlanner']
  const apiSchema = apollo['apiSchema']
  const supergraphSchema = apollo['supergraphSchema']
  const services = apollo['serviceMap']
  if (!planner || !apiSchema || !supergraphSchema) throw new Error('The gateway loaded without a planner')
  const sources: ServiceMap = Object.fromEntries(Object.keys(services).map((name) => [name, services[name]!.dataSource]))
  return {
    loaded: alreadyLoaded(apollo, { schema, executor, supergraph }),
    schema,
    subgraphs: Object.keys(sources),
    planSubscription(document, operationName) {
      const options = operationName === undefined ? {} : { operationName }
      return subscriptionPlan(planner.buildQueryPlan(operationFromDocument(apiSchema, document, options)))
    },
    async run({ plan, document, operationName, variables, context, sources: standIns }) {
      const query = print(document)
      const request = { query, variables: { ...variables }, ...(operationName !== undefined && { operationName }) }
      const requestContext = { request, document, source: query, context, logger, metrics: { captureTraces: false } }
      const operationContext = buildOperationContext({
        schema,
        operationDocument: document,
        ...(operationName !== undefined && { operationName }),
      })
      return executeQueryPlan(
        plan,
        { ...sources, ...standIns },
        requestContext as unknown as RequestContext,
        operationContext,
        supergraphSchema,
        apiSchema,
      )
    },
    source: (name) => sources[name]!,
  }
}

interface Loaded extends Awaited<ReturnType<ApolloGateway['load']>> {
  readonly supergraph: string
}

function alreadyLoaded(apollo: ApolloGateway, { schema, executor, supergraph }: Loaded): Gateway['loaded'] {
  const listeners: Parameters<ApolloGateway['onSchemaLoadOrUpdate']>[0][] = []
  return {
    load: async () => {
      listeners.forEach((listener) => listener({ apiSchema: schema, coreSupergraphSdl: supergraph }))
      return { schema, executor }
    },
    onSchemaLoadOrUpdate: (listener) => {
      listeners.push(listener)
      return () => undefined
    },
    stop: () => apollo.stop(),
  }
}

type RequestContext = Parameters<typeof executeQueryPlan>[2]

function subscriptionPlan({ node }: QueryPlan): SubscriptionPlan {
  if (node?.kind !== 'Subscription')
    throw new GraphQLError('This subscription cannot be planned', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
  const nodes: PlanNode[] = [node.primary, ...(node.rest ? [node.rest] : [])]
  return { primary: node.primary, perEvent: { kind: 'QueryPlan', node: { kind: 'Sequence', nodes } } }
}
