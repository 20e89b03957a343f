import type { PasarEvent } from '@pasar/schema/events'
import type { ExecutionResult } from 'graphql'
import type { Bus } from '../events/bus.ts'
import { fixedClock, type FixedClock } from '../clock.ts'
import type { Domain } from '../domains.ts'
import { openSigner, type Issuer } from '../identity/signature.ts'
import { newId } from '../ids.ts'
import { generateKeys, signingKeys, trustedIssuers } from '../identity/keys.ts'
import type { Locale } from '../locale.ts'
import { openLog } from '../log.ts'
import { memoryBus } from '../events/memory-bus.ts'
import { readSettings } from '../process/settings.ts'
import type { Platform, Subgraph } from '../subgraph/open-subgraph.ts'
import { graphqlPath } from '../http/transport.ts'
import { guest, type Viewer } from '../identity/viewer.ts'
import { freshDatabase } from './database.ts'

/** An operation as a test sends it. */
export interface TestOperation {
  readonly query: string
  readonly variables?: Record<string, unknown>
  readonly as?: Viewer
  readonly locale?: Locale
}

/** A subgraph on a database of its own, with a clock that stands still and nothing that runs by itself. */
export interface TestSubgraph {
  readonly subgraph: Subgraph
  readonly clock: FixedClock
  readonly bus: Bus
  /** Connection string of the test's own database. */
  readonly databaseUrl: string
  /** The same as the role that owns its tables, which no service has. */
  readonly ownerUrl: string
  /** Executes as the router would send it. Errors are in the result. */
  execute<T = Record<string, unknown>>(operation: TestOperation): Promise<ExecutionResult<T>>
  /** Executes as the checkout saga of orders would send it. */
  executeAsOrders<T = Record<string, unknown>>(operation: Omit<TestOperation, 'as'>): Promise<ExecutionResult<T>>
  /** Executes as users would send it. */
  executeAsUsers<T = Record<string, unknown>>(operation: Omit<TestOperation, 'as'>): Promise<ExecutionResult<T>>
  subscribe(operation: TestOperation): Promise<AsyncIterableIterator<ExecutionResult>>
  /** Runs all due work until there is none left. */
  settle(): Promise<void>
  /** Hands an event to the subgraph's consumers as if another domain had published it. */
  deliver(domain: Domain, event: TestEvent): Promise<void>
  /** Events that the subgraph has published so far. */
  readonly published: readonly PasarEvent[]
  /** SQL statements sent so far. */
  readonly statements: readonly string[]
  stop(): Promise<void>
}

/** What a test says of an event; the rest is made up. */
export type TestEvent = { [E in PasarEvent as E['type']]: Pick<E, 'type' | 'payload'> & Partial<E> }[PasarEvent['type']]

/** Opens the subgraph under test. */
export type OpenSubgraph = (platform: Platform, databaseUrl: string) => Promise<Subgraph>

/** Starts one subgraph for a test file; stop it in afterAll. */
export async function startForTest(
  domain: Domain,
  open: OpenSubgraph,
  env: Readonly<Record<string, string>> = {},
): Promise<TestSubgraph> {
  const database = await freshDatabase(domain)
  const settings = readSettings({ ...generateKeys(), LOG_LEVEL: 'silent', ...env })
  const clock = fixedClock()
  const bus = memoryBus()
  const statements: string[] = []
  const published: PasarEvent[] = []
  const record = async (event: PasarEvent) => void published.push(event)
  await bus.consume({ group: 'test', domains: [domain], handle: record })
  const log = openLog(settings.LOG_LEVEL, domain)
  const trusted = trustedIssuers(settings, domain)
  const subgraph = await open(
    { clock, bus, log, settings, trusted, background: false, onStatement: (text) => void statements.push(text) },
    database.url,
  )
  const signerOf = (issuer: Issuer) => openSigner(signingKeys(settings, issuer), clock)
  const signers = { router: signerOf('router'), orders: signerOf('orders'), users: signerOf('users') }
  const send = async (issuer: Issuer, { query, variables, as = guest, locale = 'en' }: TestOperation) => {
    const body = JSON.stringify({ query, variables })
    const identity = { viewer: as, locale, requestId: newId('movement') }
    return subgraph.execute({ headers: await signers[issuer].headers(domain, identity, { path: graphqlPath, body }), body })
  }
  let delivered = 0
  return {
    subgraph,
    clock,
    bus,
    databaseUrl: database.url,
    ownerUrl: database.ownerUrl,
    statements,
    published,
    execute: <T>(operation: TestOperation) => send('router', operation) as Promise<ExecutionResult<T>>,
    executeAsOrders: <T>(operation: TestOperation) =>
      send('orders', { ...operation, as: { kind: 'service', name: 'orders' } }) as Promise<ExecutionResult<T>>,
    executeAsUsers: <T>(operation: TestOperation) =>
      send('users', { ...operation, as: { kind: 'service', name: 'users' } }) as Promise<ExecutionResult<T>>,
    subscribe: async ({ query, variables, as = guest, locale = 'en' }) => {
      const identity = { viewer: as, locale, requestId: newId('movement') }
      const headers = await signers.router.headers(domain, identity, { path: graphqlPath, body: '' })
      return subgraph.subscribe({ headers, payload: { query, ...(variables && { variables }) } })
    },
    settle: async () => {
      while ((await subgraph.work()) > 0);
    },
    deliver: async (from, event) => {
      delivered += 1
      const base = {
        id: `${from}:${delivered}`,
        aggregateId: 'test',
        seq: delivered,
        position: delivered,
        keys: [],
        occurredAt: clock.now().toISOString(),
      }
      await bus.publish(from, [{ ...base, ...event }])
    },
    stop: async () => {
      await subgraph.stop()
      await bus.stop()
      await database.drop()
    },
  }
}
