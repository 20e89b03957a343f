import { seamOver } from '@pasar/shared/postgres/direct'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import { transactionOver } from '@pasar/shared/postgres/statement'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const sent: string[] = []
let database: FreshDatabase
let postgres: Postgres
beforeAll(async () => {
  database = await freshDatabase('orders')
  postgres = openPostgres({ url: database.url, connectionsMax: 1, onStatement: (text) => void sent.push(text) })
  await postgres.pool.query('CREATE TABLE shelf (id integer PRIMARY KEY, name text)')
})
afterAll(async () => {
  await postgres.stop()
  await database.drop()
})
beforeEach(async () => {
  await postgres.pool.query('TRUNCATE shelf')
  sent.length = 0
})

const insert = 'INSERT INTO shelf VALUES ($1, $2)'
const names = async () => {
  const { rows } = await postgres.pool.query<{ name: string }>('SELECT name FROM shelf ORDER BY id')
  return rows.map(({ name }) => name)
}

describe('a planned statement', () => {
  it('is answered with the same rows each time, the first one and those whose columns are known', async () => {
    const sql = seamOver(postgres.pool)
    const ask = () =>
      sql.$queryRawUnsafe(
        `SELECT 9007199254740993::bigint AS whole, $1::timestamptz AS at, $2::text[] AS list, $3::jsonb AS said, $4::bytea AS bytes,
          $5::text AS nothing, $6::boolean AS yes FROM generate_series(1, 2)`,
        new Date('2026-01-02T03:04:05.678Z'),
        ['a "b"', 'é, c'],
        { price: 12 },
        Buffer.from([0, 255]),
        null,
        true,
      )
    const row = {
      whole: 9007199254740993n,
      at: new Date('2026-01-02T03:04:05.678Z'),
      list: ['a "b"', 'é, c'],
      said: { price: 12 },
      bytes: Buffer.from([0, 255]),
      nothing: null,
      yes: true,
    }
    for (let time = 1; time <= 3; time += 1) expect(await ask()).toEqual([row, row])
  })

  it('says how many rows it changed', async () => {
    const sql = seamOver(postgres.pool)
    for (const id of [1, 2]) expect(await sql.$executeRawUnsafe(insert, id, 'rice')).toBe(1)
    expect(await sql.$executeRawUnsafe('UPDATE shelf SET name = $1', 'salt')).toBe(2)
    expect(await sql.$executeRawUnsafe('UPDATE shelf SET name = $1 WHERE id > 5', 'salt')).toBe(0)
  })

  it('that failed when it was new to its connection is asked again on it', async () => {
    const transaction = transactionOver(postgres.pool)
    const half = 'SELECT 12 / $1::integer AS share'
    const ask = (by: number) => transaction((tx) => tx.$queryRawUnsafe(half, by))
    await expect(ask(0)).rejects.toThrow('division by zero')
    await expect(ask(0)).rejects.toThrow('division by zero')
    expect(await ask(3)).toEqual([{ share: 4 }])
    expect(await ask(4)).toEqual([{ share: 3 }])
  })

  it('whose table has got another column is refused where it is planned, and never read by the columns of before', async () => {
    const transaction = transactionOver(postgres.pool)
    const read = () => transaction((tx) => tx.$queryRawUnsafe('SELECT * FROM shelf'))
    await seamOver(postgres.pool).$executeRawUnsafe(insert, 1, 'rice')
    expect(await read()).toEqual([{ id: 1, name: 'rice' }])
    await postgres.pool.query('ALTER TABLE shelf ADD COLUMN price integer')
    const told = await read().then(JSON.stringify, (error: Error) => error.message)
    expect(['cached plan must not change result type', '[{"id":1,"name":"rice","price":null}]']).toContain(told)
    await postgres.pool.query('ALTER TABLE shelf DROP COLUMN price')
  })
})

describe('a transaction that begins together with its first statement', () => {
  it('ends with nothing when a later statement fails, and so does one whose first statement fails', async () => {
    const transaction = transactionOver(postgres.pool)
    const add = (...rows: readonly (readonly [number, string])[]) =>
      transaction(async (tx) => {
        for (const [id, name] of rows) await tx.$executeRawUnsafe(insert, id, name)
      })
    await add([1, 'rice'])
    await expect(add([2, 'salt'], [1, 'oil'])).rejects.toThrow('duplicate key')
    await expect(add([1, 'oil'], [3, 'tea'])).rejects.toThrow('duplicate key')
    expect(await names()).toEqual(['rice'])
    await add([2, 'salt'], [3, 'tea'])
    expect(await names()).toEqual(['rice', 'salt', 'tea'])
  })

  it('has begun before statements that are sent at the same moment', async () => {
    const failing = () =>
      transactionOver(postgres.pool)(async (tx) => {
        await Promise.all([4, 5, 6].map((id) => tx.$executeRawUnsafe(insert, id, 'tea')))
        throw new Error('refused')
      })
    for (let time = 1; time <= 2; time += 1) await expect(failing()).rejects.toThrow('refused')
    expect(await names()).toEqual([])
  })

  it('is told of as two statements, and asks nothing where there is none', async () => {
    const transaction = transactionOver(postgres.pool)
    await transaction(async (tx) => tx.$executeRawUnsafe(insert, 7, 'rice'))
    expect(sent).toEqual(['BEGIN', insert, 'COMMIT'])
    sent.length = 0
    expect(await transaction(async () => 'nothing')).toBe('nothing')
    expect(sent).toEqual([])
  })
})
