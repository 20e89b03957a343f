import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { buildSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js'
import { loadSubgraphSdl } from '@pasar/schema/load'
import type { EventOf, EventType, PasarEvent } from '@pasar/schema/events'
import { isObjectType, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { guardFields } from './access.ts'
import type { Bus, Stop } from './bus.ts'
import type { Clock } from './clock.ts'
import { withRetries } from './delivery.ts'
import type { Domain } from './domains.ts'
import type { Route } from './http.ts'
import { openVerifier, type TrustedIssuers } from './identity.ts'
import { limits } from './limits.ts'
import { errorDetails, type Log } from './log.ts'
import { maskErrors } from './mask.ts'
import { commonMessages, messageFor, type Messages } from './messages.ts'
import { parseOperation } from './operation.ts'
import { openRelay } from './relay.ts'
import { commonResolvers } from './scalars.ts'
import type { Settings } from './settings.ts'
import { subscribeTo } from './subscribe.ts'
import type { SqlSeam, Transaction } from './transaction.ts'
import { graphqlPath, type SubgraphRequest, type SubgraphSubscription } from './transport.ts'
import type { RequestIdentity } from './viewer.ts'
import { startLoop, type Worker } from './worker.ts'

/** What a process gives to the subgraph it runs. */
export interface Platform {
  readonly clock: Clock
  readonly bus: Bus
  readonly log: Log
  readonly settings: Settings
  readonly trusted: TrustedIssuers
  /** Whether due work runs by itself; tests run it step by step with `work`. */
  readonly background: boolean
  /** Called with each SQL statement of this subgraph. */
  readonly onStatement?: (text: string) => void
}

/** The least that every resolver context has. */
export type BaseContext = RequestIdentity

/** Handlers of the events that a subgraph consumes. */
export type Consumers = { readonly [T in EventType]?: (event: EventOf<T>) => Promise<void> }

/** Resolvers of one subgraph, by type and field. */
export type Resolvers = Readonly<Record<string, object>>

/** A subgraph as its folder describes it. */
export interface SubgraphDefinition<C extends BaseContext> {
  readonly name: Domain
  readonly resolvers: Resolvers
  readonly messages: Messages
  /** A fresh context for one request, or for one frame of a subscription. */
  context(identity: RequestIdentity): C
  readonly db: SqlSeam
  readonly transaction: Transaction<SqlSeam>
  /** Calls its listener after each commit, so that events go out at once. */
  readonly commits: Pulse
  /** Domains whose events are consumed. */
  readonly sources: readonly Domain[]
  readonly consumers: Consumers
  readonly workers: readonly Worker[]
  readonly routes: readonly Route[]
  stop: Stop
}

/** A bell: `beat` calls the listeners. */
export interface Pulse {
  beat(): void
  listen(listener: () => void): void
}

/** A new bell. */
export function pulse(): Pulse {
  const listeners: (() => void)[] = []
  return { beat: () => listeners.forEach((listener) => listener()), listen: (listener) => void listeners.push(listener) }
}

/** A running subgraph. */
export interface Subgraph {
  readonly name: Domain
  readonly schema: GraphQLSchema
  /** HTTP endpoints beside the graph: notifications of providers and the like. */
  readonly routes: readonly Route[]
  /** Checks the signature and executes; throws NotSignedIn for anything unsigned. */
  execute(request: SubgraphRequest): Promise<ExecutionResult>
  subscribe(subscription: SubgraphSubscription): Promise<AsyncIterableIterator<ExecutionResult>>
  /** Does all due work once; says how much there was. */
  work(): Promise<number>
  /** Rejects when the database does not answer. */
  ready(): Promise<void>
  stop: Stop
}

const withMessages = (schema: GraphQLSchema, messages: Messages) => {
  const all = { ...commonMessages, ...messages }
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === 'Problem')) continue
    if (!all[type.name]) throw new Error(`the problem ${type.name} has no text for people`)
    type.getFields()['message']!.resolve = (source: object, _, context: BaseContext) =>
      messageFor(all, context.locale, { ...source, __typename: type.name })
  }
}

/** Builds the executable schema of a subgraph: SDL, resolvers, scalars, texts, access guards. */
export function buildSchema(definition: Pick<SubgraphDefinition<BaseContext>, 'name' | 'resolvers' | 'messages'>): GraphQLSchema {
  const resolvers = { ...definition.resolvers, ...commonResolvers } as GraphQLResolverMap<unknown>
  const schema = buildSubgraphSchema({ typeDefs: loadSubgraphSdl(definition.name), resolvers })
  withMessages(schema, definition.messages)
  guardFields(schema)
  return schema
}

const masking = (log: Log): ApolloServerPlugin<BaseContext> => ({
  requestDidStart: async () => ({
    willSendResponse: async ({ response, errors, contextValue }) => {
      if (response.body.kind !== 'single' || !response.body.singleResult.errors) return
      const { singleResult } = response.body
      singleResult.errors = maskErrors(singleResult.errors!, errors ?? [], { log, requestId: contextValue.requestId })
    },
  }),
})

/** Opens a subgraph: its graph, its relay, its consumers and its due work. */
export async function openSubgraph<C extends BaseContext>(
  platform: Platform,
  definition: SubgraphDefinition<C>,
): Promise<Subgraph> {
  const { clock, bus, log, trusted } = platform
  const { name, db, transaction } = definition
  const schema = buildSchema(definition)
  const apollo = new ApolloServer<C>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [masking(log), ApolloServerPluginCacheControlDisabled()],
  })
  await apollo.start()
  const verify = openVerifier({ audience: name, trusted, clock })
  const relay = openRelay({ domain: name, transaction, bus, clock })
  const workers: readonly Worker[] = [
    { name: `${name} relay`, everyMs: limits.relayPollMs, run: () => relay.run() },
    ...definition.workers,
  ]
  const stopping = new AbortController()
  const stopConsuming = await consume(platform, definition, stopping.signal)
  await relay.refill()
  const loops = platform.background ? workers.map((worker) => startLoop(worker, log)) : []
  definition.commits.listen(() => loops[0]?.wake())
  return {
    name,
    schema,
    routes: definition.routes,
    async execute({ headers, body }) {
      const identity = await verify(headers, { path: graphqlPath, body })
      const response = await apollo.executeOperation(parseOperation(body), { contextValue: definition.context(identity) })
      return response.body.kind === 'single' ? (response.body.singleResult as ExecutionResult) : { data: null }
    },
    async subscribe({ headers, payload }) {
      const identity = await verify(headers, { path: graphqlPath, body: '' })
      return subscribeTo({
        schema,
        payload,
        context: () => definition.context(identity),
        mask: { log, requestId: identity.requestId },
      })
    },
    work: async () => {
      let done = 0
      for (const worker of workers) done += await worker.run()
      return done
    },
    ready: async () => {
      await db.$queryRawUnsafe('SELECT 1')
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(loops.map((loop) => loop.stop()))
      await stopConsuming()
      await apollo.stop()
      await definition.stop()
    },
  }
}

async function consume<C extends BaseContext>(
  { bus, log }: Platform,
  { name, sources, consumers, db }: SubgraphDefinition<C>,
  signal: AbortSignal,
): Promise<Stop> {
  if (sources.length === 0) return async () => undefined
  const handle = async (event: PasarEvent) => {
    const consumer = consumers[event.type] as ((event: PasarEvent) => Promise<void>) | undefined
    if (consumer) await consumer(event)
  }
  return bus.consume({ group: name, domains: sources, handle: withRetries({ consumer: name, db, log, signal }, handle) })
}

/** Runs one step of stopping and goes on whatever it throws. */
export const quietly = (log: Log, stop: Stop) =>
  stop().catch((error: unknown) => log.warn(errorDetails(error), 'stopping failed'))
