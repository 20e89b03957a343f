import { domains, type Domain } from '@pasar/shared/domains'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { onDatabase } from '../src/postgres/urls.ts'
import { tellStory } from '../src/prove/crash/run.ts'
import { stories } from '../src/prove/crash/stories.ts'
import { both, buy, unpaid, type Story } from '../src/prove/crash/story.ts'
import { foundTown } from '../src/prove/crash/town.ts'
import type { Broken, Check } from '../src/prove/invariants/broken.ts'
import { checks, invariantsOver } from '../src/prove/invariants/check.ts'
import { openWorld, type World } from '../src/prove/world/world.ts'
import { marketBreaks, type MarketBreak } from './support/market-breaks.ts'

/** Together they leave something of everything that the invariants ask about. */
const told = ['in parts', 'withdrawn', 'at the door', 'flash sale', 'not brought', 'called off', 'cancelled']
const waiting: Story = {
  name: 'waiting for its payment',
  tell: async (scene) => {
    await buy(scene)
    return { checkout: 'AWAITING_PAYMENT', orders: both(unpaid) }
  },
}

/** Nothing that a database refuses by itself is refused any more. */
const disarm = `DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT oid::regclass AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER ALL', one.name);
  END LOOP;
  FOR one IN SELECT conrelid::regclass AS name, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid <> 0 LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.name, one.conname);
  END LOOP;
  FOR one IN SELECT indexrelid::regclass AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indisunique AND NOT indisprimary AND relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) LOOP
    EXECUTE format('DROP INDEX %s', one.name);
  END LOOP;
END $$`

/** What was said of a broken market, and which questions to its broken database alone said so. */
interface Seen {
  readonly said: readonly string[]
  readonly asked: readonly string[]
}

const nameOf = ({ domain, sql }: Pick<Check, 'domain' | 'sql'>): string => `${domain}: ${sql}`

let databases: readonly (readonly [Domain, FreshDatabase])[]
let world: World
let faults: readonly Broken[]
let before: readonly Broken[]
const seen = new Map<MarketBreak, Seen>()

async function lookAt(postgres: Postgres, { domain, sql }: MarketBreak): Promise<Seen> {
  for (const statement of sql) {
    const { rowCount } = await postgres.pool.query(statement)
    if (rowCount === 0) throw new Error(`there is nothing to break by ${statement}`)
  }
  const found = await world.invariantsOver({ ...world.databases, [domain]: postgres }).settled()
  const own = checks.filter((check) => check.domain === domain).map((check) => check.sql)
  const text = own.map((check, place) => `SELECT ${place} AS place FROM (${check}) AS looked`).join('\nUNION\n')
  const { rows } = await postgres.pool.query<{ place: number }>(text)
  return { said: found.map(({ what }) => what), asked: rows.map(({ place }) => nameOf({ domain, sql: own[place]! })) }
}

/** Breaks a database in every way, each alone, and leaves it as it was. */
async function breakAll(domain: Domain, url: string): Promise<void> {
  // One connection, which is in one transaction all the time: what was broken goes with it.
  const postgres = openPostgres({ url: onDatabase(inject('postgresUrl'), new URL(url).pathname.slice(1)), connectionsMax: 1 })
  const { pool } = postgres
  try {
    await pool.query(`BEGIN; SET LOCAL lock_timeout = '20s'`)
    await pool.query(disarm)
    for (const one of marketBreaks.filter((each) => each.domain === domain)) {
      await pool.query('SAVEPOINT sound')
      seen.set(one, await lookAt(postgres, one).catch((error: unknown) => ({ said: [String(error)], asked: [] })))
      await pool.query('ROLLBACK TO SAVEPOINT sound')
    }
  } finally {
    await postgres.stop()
  }
}

beforeAll(async () => {
  databases = await Promise.all(domains.map(async (domain) => [domain, await freshDatabase(domain)] as const))
  const urls = new Map(databases.map(([domain, { url }]) => [domain, url]))
  world = await openWorld({ urlFor: (domain) => urls.get(domain)!, adminUrl: inject('postgresUrl') })
  const town = await foundTown(world)
  const tell = (story: Story, seed: number) => tellStory(town, { story, seed, deaths: [] })
  const all: Broken[] = []
  for (const [seed, name] of told.entries())
    all.push(
      ...(
        await tell(
          stories.find((story) => story.name === name)!,
          seed,
        )
      ).broken,
    )
  faults = all
  await tell(waiting, told.length)
  before = await world.invariants.settled()
  for (const [domain, { url }] of databases) await breakAll(domain, url)
}, 240_000)

afterAll(async () => {
  await world.stop()
  for (const [, database] of databases) await database.drop()
})

describe('the invariants', () => {
  it('hold in a sound market, also where somebody has not paid yet', () => {
    expect(faults).toEqual([])
    expect(before).toEqual([])
  })

  it.each(marketBreaks)('see it in $domain where $what', (one) => {
    expect(seen.get(one)!.said).toEqual(expect.arrayContaining(one.says.map((what) => expect.stringContaining(what) as string)))
  })

  it('ask nothing that no broken market was ever seen to answer', () => {
    const asked = new Set([...seen.values()].flatMap((each) => each.asked))
    expect(checks.map(nameOf).filter((name) => !asked.has(name))).toEqual([])
  })

  it('hold the books of the world outside against what is there, and what was published against what was handed over', async () => {
    const nothing = { paidBack: () => [], paidOut: () => [], booked: () => [] }
    const outside = { ...nothing, clock: world.clock, undelivered: () => ['OrderPaid is not handed to products'] }
    const said = (await invariantsOver(world.databases, outside).settled()).map(({ what }) => what)
    for (const what of ['the provider has not paid it back', 'no bank has it', 'which no courier knows', 'is not handed to'])
      expect(said).toContainEqual(expect.stringContaining(what))
  })

  it('hold what clients were told against what is there', async () => {
    const what = await world.invariants.settled({ checkoutIds: ['chk_gone'], paidCheckoutIds: ['chk_gone'] })
    expect(what.map(({ invariant }) => invariant)).toEqual(['I7', 'I7'])
  })
})
