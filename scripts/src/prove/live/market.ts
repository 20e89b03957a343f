import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PasarEvent } from '@pasar/schema/events'
import type { Bus } from '@pasar/shared/events/bus'
import { fixedClock, type FixedClock } from '@pasar/shared/clock'
import { generateKeys } from '@pasar/shared/identity/keys'
import { liveCursor } from '@pasar/shared/events/live'
import { openLog, type Log } from '@pasar/shared/log'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { readSettings } from '@pasar/shared/process/settings'
import { startRedis } from '@pasar/shared/testing/redis'
import { watchDeliveries } from '../../fleet/deliveries.ts'
import type { FleetMarket } from '../../fleet/fleet-market.ts'
import { openProofDatabases } from '../databases.ts'

/** One event of an order, as its followers are to hear of it. */
export interface OrderEvent {
  readonly cursor: string
  readonly event: string
}

/** Streams that were lost, and those of them that ended by it. */
export interface Losses {
  readonly lost: number
  readonly ended: number
}

/** A fleet in this process whose time stands still, and in which nothing happens by itself. */
export interface LiveMarket {
  readonly fleet: FleetMarket
  readonly clock: FixedClock
  /** What an order's own log says of it, in order. */
  eventsOf(orderId: string): Promise<OrderEvent[]>
  /** Before events of orders go to the rest of the market, `look` is waited for: the market stands still meanwhile. */
  lookBefore(look: (events: readonly PasarEvent[]) => Promise<void>): void
  /** How many streams between router and subgraphs were lost, and how many of them could not be taken up again. */
  losses(): Losses
  /** The same access token, but over in so many seconds. */
  shortened(token: string, seconds: number): string
  stop(): Promise<void>
}

/** What followers of an order hear of, by the name that they hear. */
export const orderEventNames: Readonly<Record<string, string>> = {
  OrderPlaced: 'PLACED',
  OrderPaid: 'PAID',
  OrderAccepted: 'ACCEPTED',
  OrderReadyToShip: 'READY_TO_SHIP',
  OrderShipped: 'SHIPPED',
  OrderDelivered: 'DELIVERED',
  OrderCompleted: 'COMPLETED',
  OrderCancelled: 'CANCELLED',
}

const read = `SELECT type, position FROM outbox_event WHERE keys @> ARRAY[$1]::text[] AND type = ANY($2) ORDER BY position`

/** Opens it with the demo market in it, over Redis, HTTP and WebSocket. */
export async function openLiveMarket(say: (line: string) => void): Promise<LiveMarket> {
  const clock = fixedClock()
  const databases = await openProofDatabases(clock, say)
  const redis = await startRedis()
  const dataDir = mkdtempSync(join(tmpdir(), 'pasar-live-'))
  const { privateKey } = generateKeyPairSync('ed25519')
  const settings = readSettings({
    ...generateKeys(),
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
    ACCESS_TOKEN_KEY: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    REDIS_URL: redis.url,
    REDIS_PREFIX: 'proof',
    BUDGET_ACCOUNT: '0',
    BUDGET_ADDRESS: '0',
    BUDGET_TRIES: '0',
  })
  let look: (events: readonly PasarEvent[]) => Promise<void> = async () => undefined
  const throughBus = (bus: Bus): Bus => ({
    ...bus,
    publish: async (domain, events) => {
      if (domain === 'orders') await look(events)
      await bus.publish(domain, events)
    },
  })
  // The market's code needs the database clients, which may just have been made.
  const { openFleetMarket } = await import('../../fleet/fleet-market.ts')
  const { log, losses } = watched(openLog(settings.LOG_LEVEL, 'proof'))
  const parts = { settings, clock, log, dataDir, throughBus, background: false, deliveries: watchDeliveries() }
  const fleet = await openFleetMarket({ ...parts, databaseUrl: databases.urlFor })
  // What was seeded is to be known everywhere.
  await fleet.settle()
  const orders = openPostgres({ url: databases.urlFor('orders'), connectionsMax: 1 })
  return {
    fleet,
    clock,
    async eventsOf(orderId) {
      const { rows } = await orders.pool.query<{ type: string; position: string }>(read, [orderId, Object.keys(orderEventNames)])
      return rows.map(({ type, position }) => ({
        cursor: liveCursor({ position: Number(position) }),
        event: orderEventNames[type]!,
      }))
    },
    lookBefore: (next) => void (look = next),
    losses,
    shortened: (token, seconds) => {
      const [header = '', payload = ''] = token.split('.')
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
      const exp = Math.floor(clock.now().getTime() / 1000) + seconds
      const changed = `${header}.${Buffer.from(JSON.stringify({ ...claims, exp })).toString('base64url')}`
      return `${changed}.${sign(null, Buffer.from(changed), privateKey).toString('base64url')}`
    },
    stop: async () => {
      await orders.stop()
      await fleet.stop()
      await redis.stop()
      await databases.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The same log, listened to for what the router says of its upstreams. */
function watched(log: Log): { log: Log; losses: () => Losses } {
  let lost = 0
  let ended = 0
  const warn: Log['warn'] = (details, message) => {
    if (message === 'an upstream was lost') {
      lost += 1
      if ('hopeless' in details && details.hopeless === true) ended += 1
    }
    log.warn(details, message)
  }
  const debug: Log['debug'] = (details, message) => log.debug(details, message)
  const info: Log['info'] = (details, message) => log.info(details, message)
  const error: Log['error'] = (details, message) => log.error(details, message)
  return { log: { debug, info, warn, error }, losses: () => ({ lost, ended }) }
}
