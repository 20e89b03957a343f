import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchDeliveries, type Deliveries } from '@pasar/scripts/fleet/deliveries'
import { domains, type Domain } from '@pasar/shared/domains'
import { generateKeys } from '@pasar/shared/identity/keys'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { startRedis, type TestRedis } from '@pasar/shared/testing/redis'
import type { Way } from './ways.ts'

/** What a fleet has beside a market in one process. */
export interface FleetRemains {
  readonly redis: TestRedis
  readonly deliveries: Deliveries
}

/** What a market keeps when its process ends. */
export interface Remains {
  readonly databases: Readonly<Record<Domain, FreshDatabase>>
  /** What the simulators remember. */
  readonly dataDir: string
  readonly keys: Readonly<Record<string, string>>
  /** Only a fleet has this, and a market that has it is a fleet. */
  readonly fleet?: FleetRemains
  remove(): Promise<void>
}

/** Databases, a folder and, for a fleet, a Redis of a market's own. */
export async function freshRemains(way: Way): Promise<Remains> {
  const entries = await Promise.all(domains.map(async (domain) => [domain, await freshDatabase(domain)] as const))
  const databases = Object.fromEntries(entries) as Record<Domain, FreshDatabase>
  const dataDir = mkdtempSync(join(tmpdir(), 'pasar-journey-'))
  const redis = way === 'as a fleet' ? await startRedis() : undefined
  const remove = async () => {
    await redis?.stop()
    await Promise.all(Object.values(databases).map(({ drop }) => drop()))
    rmSync(dataDir, { recursive: true, force: true })
  }
  const fleet = redis && { fleet: { redis, deliveries: watchDeliveries() } }
  return { databases, dataDir, keys: generateKeys(), ...fleet, remove }
}
