import type { EventOf, EventType, PasarEvent } from '@pasar/schema/events'
import type { ExecutionResult, GraphQLSchema } from 'graphql'
import type pg from 'pg'
import type { Bus, Stop } from '../events/bus.ts'
import type { Clock } from '../clock.ts'
import { retryParked, withRetries } from '../events/delivery.ts'
import type { Domain } from '../domains.ts'
import { openExecute } from './execute.ts'
import { housekeeping } from '../process/housekeeping.ts'
import type { Route } from '../http/server.ts'
import type { TrustedIssuers } from '../identity/signature.ts'
import type { Log } from '../log.ts'
import { parseOperation } from './operation.ts'
import { during, reach, type Point, type Work } from '../points.ts'
import { openRelay } from '../events/relay.ts'
import type { Settings } from '../process/settings.ts'
import { withStatementCount } from '../postgres/statement-count.ts'
import { transactionOver } from '../postgres/statement.ts'
import { schemaOf, type SchemaParts } from './schema.ts'
import { subscribeTo } from '../events/subscribe.ts'
import type { SqlSeam } from '../postgres/seam.ts'
import { explainHeader, graphqlPath, type SubgraphRequest, type SubgraphSubscription } from '../http/transport.ts'
import { openDoorCheck, type AdmitUnsigned } from '../identity/unsigned.ts'
import type { RequestIdentity } from '../identity/viewer.ts'
import { openLoops, type Worker } from '../process/worker.ts'

/** What a process gives to the subgraph it runs. */
export interface Platform {
  readonly clock: Clock
  readonly bus: Bus
  readonly log: Log
  readonly settings: Settings
  readonly trusted: TrustedIssuers
  /** Whether due work runs by itself; tests run it step by step with `work`. */
  readonly background: boolean
  /** When it begins to: a market in one process waits until all are there that its events are for. At once when absent. */
  readonly begins?: Pick<Pulse, 'listen'>
  /** How long its database may leave a statement unanswered: tests have less time. */
  readonly databaseAnswerMs?: number
  /** Called with each SQL statement of this subgraph. */
  readonly onStatement?: (text: string) => void
  /** Called at each boundary of the subgraph's work. Production has none; see points.ts. */
  readonly point?: Point | undefined
  /**
   * Says who asks when a request is not signed. For measuring beside gateways that cannot sign; no setting leads here, and it
   * is refused where HOST is not 127.0.0.1.
   */
  readonly admitUnsigned?: AdmitUnsigned
}

/** The least that every resolver context has. */
export type BaseContext = RequestIdentity

/** Handlers of the events that a subgraph consumes; what one resolves to says nothing. */
export type Consumers = { readonly [T in EventType]?: (event: EventOf<T>) => Promise<unknown> }

/** Does one and the same on events of several types: its boundaries are named after it, and not after each of them. */
export interface Listener {
  readonly name: string
  readonly types: readonly EventType[]
  handle(event: PasarEvent): Promise<unknown>
}

/** A subgraph as its folder describes it. */
export interface SubgraphDefinition<C extends BaseContext> extends SchemaParts {
  /** A fresh context for one request, or for one frame of a subscription. */
  context(identity: RequestIdentity): C
  /** Stopped behind everything else. */
  readonly database: SubgraphDatabase
  /** Domains whose events are consumed. */
  readonly sources: readonly Domain[]
  readonly consumers: Consumers
  /** What is done on events that none of the consumers is for. */
  readonly listener?: Listener
  readonly workers: readonly Worker[]
  readonly routes: readonly Route[]
  /** Stops what was opened beside the database. */
  readonly stop?: Stop
}

/** The database of a subgraph, and what else is known of it. */
export interface SubgraphDatabase<Db extends SqlSeam = SqlSeam> {
  readonly db: Db
  readonly pool: pg.Pool
  /** Rings after each commit that may hold an event, so that it goes out at once. */
  readonly commits: Pulse
  readonly stop: Stop
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
  /** The events that change something here. */
  readonly consumes: readonly string[]
  /** HTTP endpoints beside the graph: notifications of providers and the like. */
  readonly routes: readonly Route[]
  /** Checks the signature and executes; throws NotSignedIn for anything unsigned. */
  execute(request: SubgraphRequest): Promise<ExecutionResult>
  subscribe(subscription: SubgraphSubscription): Promise<AsyncIterableIterator<ExecutionResult>>
  /** Does all due work once; says how much there was. */
  work(): Promise<number>
  /** Rejects when the database does not answer. */
  ready(): Promise<void>
  /** Ends the work that runs by itself; requests and events are still taken. */
  rest: Stop
  stop: Stop
}

/** A mutation as work with boundaries: by its field, and about the saga that sends it where it is an internal command. */
function commandOf(point: Point | undefined, body: string, { requestId }: RequestIdentity): Work | undefined {
  const field = point && /^\s*mutation[^{]*\{\s*(\w+)/.exec(parseOperation(body).query)?.[1]
  return point && field ? { name: field, about: requestId, point } : undefined
}

/** The signed way in: checks each request, executes it with a fresh context, masks what went wrong. */
function openDoor<C extends BaseContext>(platform: Platform, definition: SubgraphDefinition<C>) {
  const { log, point } = platform
  const { name } = definition
  const schema = schemaOf(definition)
  const executeOn = openExecute(schema, log)
  const verify = openDoorCheck(platform, name)
  return {
    schema,
    execute: async ({ headers, body }: SubgraphRequest): Promise<ExecutionResult> => {
      const identity = await verify(headers, { path: graphqlPath, body })
      const answer = () =>
        during(commandOf(point, body, identity), async () => {
          await reach('received')
          const result = (await executeOn(parseOperation(body), definition.context(identity))) as ExecutionResult
          await reach('replying')
          return result
        })
      if (headers[explainHeader] === undefined) return answer()
      const { result, statements } = await withStatementCount(answer)
      return { ...result, extensions: { statements } }
    },
    subscribe: async ({ headers, payload }: SubgraphSubscription) => {
      const identity = await verify(headers, { path: graphqlPath, body: '' })
      const mask = { log, requestId: identity.requestId, locale: identity.locale }
      return subscribeTo({ schema, payload, context: () => definition.context(identity), mask })
    },
  }
}

/** Opens a subgraph: its graph, its relay, its consumers and its due work. */
export async function openSubgraph<C extends BaseContext>(
  platform: Platform,
  definition: SubgraphDefinition<C>,
): Promise<Subgraph> {
  const { clock, bus, log, background, begins, point } = platform
  const { name, database } = definition
  const { db } = database
  const door = openDoor(platform, definition)
  // What the relay commits is told to nobody: it is what would be woken.
  const relay = openRelay({ domain: name, db, transaction: transactionOver(database.pool), bus, clock, point })
  const stopping = new AbortController()
  const delivery = { consumer: name, db, log, signal: stopping.signal }
  const handle = handlerOf(platform, definition)
  const again = retryParked(delivery, handle)
  const due = definition.workers.map((worker) => withPoint(worker, platform))
  const workers = [...relay.workers, ...due, again, housekeeping({ domain: name, db, clock })]
  const subscription = { group: name, domains: definition.sources, handle: withRetries(delivery, handle) }
  const stopConsuming = definition.sources.length > 0 ? await bus.consume(subscription) : async () => undefined
  const loops = openLoops(workers, log)
  if (background && begins) begins.listen(loops.begin)
  else if (background) loops.begin()
  database.commits.listen(loops.wake)
  const rest = async () => {
    stopping.abort()
    await loops.stop()
  }
  return {
    name,
    schema: door.schema,
    consumes: [...Object.keys(definition.consumers), ...(definition.listener?.types ?? [])],
    routes: definition.routes.map((route) => routeWithPoint(route, platform)),
    execute: door.execute,
    subscribe: door.subscribe,
    work: async () => {
      let done = 0
      for (const worker of workers) done += await worker.run()
      return done
    },
    ready: async () => {
      await db.$queryRawUnsafe('SELECT 1')
    },
    rest,
    stop: async () => {
      await rest()
      await stopConsuming()
      await definition.stop?.()
      await database.stop()
    },
  }
}

/** A route whose work has boundaries, where somebody wants to know of them. */
const routeWithPoint = (route: Route, { point }: Platform): Route =>
  point
    ? {
        ...route,
        handle: (request) =>
          during({ name: `${route.method} ${route.path}`, about: route.path, point }, async () => {
            await reach('received')
            const response = await route.handle(request)
            await reach('replying')
            return response
          }),
      }
    : route

/** Due work whose transactions have boundaries, where somebody wants to know of them. */
const withPoint = (worker: Worker, { point }: Platform): Worker =>
  point
    ? { ...worker, run: (stopping) => during({ name: worker.name, about: worker.name, point }, () => worker.run(stopping)) }
    : worker

/** Who handles events of a type, under which name; undefined where nobody does. */
function handlerFor({ consumers, listener }: Pick<SubgraphDefinition<BaseContext>, 'consumers' | 'listener'>, type: EventType) {
  const consumer: Listener['handle'] | undefined = consumers[type]
  if (consumer) return { name: type, handle: consumer }
  return listener?.types.includes(type) ? listener : undefined
}

/** Events that nobody asked for are handled by doing nothing. */
const handlerOf =
  <C extends BaseContext>({ point }: Platform, definition: SubgraphDefinition<C>) =>
  async (event: PasarEvent) => {
    const handler = handlerFor(definition, event.type)
    if (!handler) return
    const work = point && { name: `${handler.name}@${definition.name}`, about: event.id, point }
    await during(work, async () => {
      await reach('received')
      await handler.handle(event)
      await reach('handled')
    })
  }
