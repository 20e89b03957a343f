import { newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import { transactionOver } from '@pasar/shared/postgres/statement'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { transactionOf } from '@pasar/shared/postgres/transaction'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openDatabase, type Db, type Tx } from '../src/store/database.ts'
import { openMarket } from './market.ts'

let database: FreshDatabase
let postgres: Postgres
let db: Db
beforeAll(async () => {
  database = await freshDatabase('orders')
  postgres = openPostgres({ url: database.url })
  db = openDatabase(postgres.adapter)
  await db.$executeRawUnsafe(`INSERT INTO aggregate_sequence (aggregate_id, seq) VALUES ('a', 0), ('b', 0)`)
})
afterAll(async () => {
  await db.$disconnect()
  await postgres.stop()
  await database.drop()
})

const add = (tx: Tx, id: string) =>
  tx.$executeRawUnsafe(`UPDATE aggregate_sequence SET seq = seq + 1 WHERE aggregate_id = $1`, id)
const total = async () => (await db.aggregateSequence.findMany()).reduce((sum, { seq }) => sum + Number(seq), 0)

/** Resolves for everybody when so many have come. */
function meeting(count: number) {
  let left = count
  let open: () => void = () => undefined
  const all = new Promise<void>((resolve) => (open = resolve))
  return async () => {
    left -= 1
    if (left <= 0) open()
    await all
  }
}

const ways = {
  "Prisma's": () => transactionOf<Tx>(db),
  'a plain one': () => transactionOver(postgres.pool),
} as const

describe.each(Object.entries(ways))('a transaction that loses against another one, %s,', (_, open) => {
  it('is made again, and nobody hears of it: a deadlock', async () => {
    const transaction = open()
    const before = await total()
    const meet = meeting(2)
    const both = (first: string, second: string) =>
      transaction(async (tx) => {
        await add(tx, first)
        await meet()
        await add(tx, second)
      })
    await Promise.all([both('a', 'b'), both('b', 'a')])
    expect(await total()).toBe(before + 4)
  })

  it('is not made for ever: in the end its client may come again', async () => {
    let made = 0
    const always = open()(async (tx) => {
      made += 1
      await tx.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = 'deadlock_detected'; END $$`)
    })
    await expect(always).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true } })
    expect(made).toBe(limits.transactionAttemptsMax)
  })

  it('is made again, and nobody hears of it: a serialization failure', async () => {
    const transaction = open()
    const before = await total()
    const meet = meeting(4)
    const readAndWrite = () =>
      transaction(async (tx) => {
        await tx.$executeRawUnsafe('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE')
        await tx.$queryRawUnsafe('SELECT sum(seq) FROM aggregate_sequence')
        await meet()
        await add(tx, 'a')
      })
    await Promise.all([1, 2, 3, 4].map(readAndWrite))
    expect(await total()).toBe(before + 4)
  })

  it('is not made again when it failed for another reason', async () => {
    let tries = 0
    const failing = open()(async (tx) => {
      tries += 1
      await tx.$executeRawUnsafe('SELECT 1 / 0')
    })
    await expect(failing).rejects.toThrow('division by zero')
    expect(tries).toBe(1)
  })
})

describe("Prisma's transactions that open at the same moment", () => {
  const connectionOf = async (tx: Tx) => (await tx.$queryRawUnsafe<{ pid: number }[]>('SELECT pg_backend_pid() AS pid'))[0]!.pid
  const addEvent = (tx: Tx, eventId: string) =>
    tx.$executeRawUnsafe(`INSERT INTO inbox_event (consumer, event_id, received_at) VALUES ('test', $1, now())`, eventId)

  it('have a connection each, and what is written as SQL there is seen through the models of that transaction alone', async () => {
    const transaction = transactionOf<Tx & Pick<Db, 'inboxEvent'>>(db)
    const numbers = [1, 2, 3, 4, 5]
    const allHaveWritten = meeting(numbers.length)
    const allHaveRead = meeting(numbers.length)
    const one = (number: number) =>
      transaction(async (tx) => {
        await addEvent(tx, `event ${number}`)
        const connection = await connectionOf(tx)
        await allHaveWritten()
        const seen = await tx.inboxEvent.findMany({ where: { consumer: 'test' } })
        await allHaveRead()
        expect(seen.map(({ eventId }) => eventId)).toEqual([`event ${number}`])
        return connection
      })
    // Prisma opens one by itself, too, for statements that belong together.
    const together = db.$transaction([db.inboxEvent.count(), db.aggregateSequence.count()])
    const [connections] = await Promise.all([Promise.all(numbers.map(one)), together])
    expect(new Set(connections).size).toBe(numbers.length)
    expect(await db.inboxEvent.count({ where: { consumer: 'test' } })).toBe(numbers.length)
  })

  it('leave the line to the next one also when they fail, and nothing of them stays', async () => {
    const transaction = transactionOf<Tx & Pick<Db, 'inboxEvent'>>(db)
    const failing = transaction(async (tx) => {
      await addEvent(tx, 'of a transaction that fails')
      throw new Error('refused')
    })
    await expect(failing).rejects.toThrow('refused')
    await transaction((tx) => addEvent(tx, 'of the next one'))
    const left = await db.inboxEvent.findMany({ where: { eventId: { startsWith: 'of ' } } })
    expect(left.map(({ eventId }) => eventId)).toEqual(['of the next one'])
  })
})

describe('a plain transaction', () => {
  it('leaves nothing behind when it fails, and its connection is used again', async () => {
    const before = await total()
    const transaction = transactionOver(postgres.pool)
    const connection = async (tx: Tx) => (await tx.$queryRawUnsafe<{ pid: number }[]>('SELECT pg_backend_pid() AS pid'))[0]!.pid
    let failed = 0
    const failing = transaction(async (tx) => {
      failed = await connection(tx)
      await add(tx, 'a')
      throw new Error('refused')
    })
    await expect(failing).rejects.toThrow('refused')
    expect(await transaction(connection)).toBe(failed)
    expect(await total()).toBe(before)
  })

  it('that goes on after a statement that failed is not taken for one that was committed', async () => {
    const before = await total()
    const swallowing = transactionOver(postgres.pool)(async (tx) => {
      await add(tx, 'a')
      await tx.$executeRawUnsafe('SELECT 1 / 0').catch(() => undefined)
    })
    await expect(swallowing).rejects.toThrow('cannot be committed')
    expect(await total()).toBe(before)
  })
})

describe('a checkout whose transaction loses, and whose buyer presses again meanwhile,', () => {
  const waiting = `SELECT count(*)::integer AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  let losses = 1
  let crossings = 2
  const onStatement = (text: string) => {
    // Both find that somebody else has this key, and look more closely: in a transaction that has a way to go to its end.
    if (crossings > 0 && text.startsWith('WITH added') && text.includes('idempotency_record')) {
      crossings -= 1
      throw Object.assign(new Error('duplicate key'), { code: '23505' })
    }
    if (text !== 'COMMIT' || losses === 0) return
    losses -= 1
    throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
  }

  it('is the one that was begun in the end, and no cart is locked for the other', async () => {
    const market = await openMarket({ onStatement })
    const { pool, stop } = openPostgres({ url: market.databaseUrl })
    const holder = await pool.connect()
    try {
      const scene = market.scene()
      const idempotencyKey = newId('movement')
      await holder.query('BEGIN; LOCK TABLE saga IN SHARE MODE')
      const pressed = [1, 2].map(() => market.checkout(scene, { idempotencyKey }))
      // One waits for the table, the other for the one.
      await vi.waitFor(
        async () => expect((await pool.query<{ waiting: number }>(waiting)).rows).toEqual([{ waiting: 2 }]),
        10_000,
      )
      await holder.query('COMMIT')
      const [first, second] = await Promise.all(pressed)
      expect(losses).toBe(0)
      expect(second!.checkout!.id).toBe(first!.checkout!.id)
      expect(new Set(market.fake.sent.map(({ input }) => input.checkoutId))).toEqual(new Set([first!.checkout!.id]))
    } finally {
      holder.release()
      await stop()
      await market.stop()
    }
  })
})
