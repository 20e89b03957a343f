import type { Connection } from '@pasar/shared/postgres/pool'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import { executeLast, type SqlSeam } from '@pasar/shared/postgres/seam'
import { transactionOver } from '@pasar/shared/postgres/statement'
import { during } from '@pasar/shared/points'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

let database: FreshDatabase
let postgres: Postgres
const texts: string[] = []
let rounds = 0
beforeAll(async () => {
  database = await freshDatabase('orders')
  postgres = openPostgres({ url: database.url, connectionsMax: 1, onStatement: (text) => void texts.push(text) })
  postgres.pool.on('connect', (client) => {
    const { connection } = client as Connection & { readonly connection: NodeJS.EventEmitter }
    connection.on('readyForQuery', () => void (rounds += 1))
  })
})
afterAll(async () => {
  await postgres.stop()
  await database.drop()
})
beforeEach(async () => {
  await postgres.pool.query(`DELETE FROM aggregate_sequence; INSERT INTO aggregate_sequence (aggregate_id, seq) VALUES ('a', 0)`)
  texts.length = 0
})

const one = `UPDATE aggregate_sequence SET seq = seq + 1 WHERE aggregate_id = $1`
const seq = async () => {
  const { rows } = await postgres.pool.query<{ seq: string }>(`SELECT seq FROM aggregate_sequence WHERE aggregate_id = 'a'`)
  return Number(rows[0]!.seq)
}
const twice = (last = one) =>
  transactionOver(postgres.pool)(async (tx: SqlSeam) => {
    await tx.$executeRawUnsafe(one, 'a')
    return executeLast(tx, last, 'a')
  })

it('a transaction goes to its end together with its last statement, and says how many rows that has changed', async () => {
  await twice()
  const before = rounds
  texts.length = 0
  expect(await twice()).toBe(1)
  expect(rounds - before).toBe(2)
  expect(texts).toEqual(['BEGIN', one, one, 'COMMIT'])
  expect(await seq()).toBe(4)
})

it('a last statement that fails takes its transaction back, and its connection is used again', async () => {
  await twice()
  await expect(twice('UPDATE aggregate_sequence SET seq = 1 / 0 WHERE aggregate_id = $1')).rejects.toThrow('division by zero')
  expect(await seq()).toBe(2)
  expect(await twice()).toBe(1)
  expect(await seq()).toBe(4)
})

it('a last statement behind one whose failure was passed over commits nothing', async () => {
  const passingOver = transactionOver(postgres.pool)(async (tx) => {
    await tx.$executeRawUnsafe(one, 'a')
    await tx.$executeRawUnsafe('SELECT 1 / 0').catch(() => undefined)
    return executeLast(tx, one, 'a')
  })
  await expect(passingOver).rejects.toThrow('current transaction is aborted')
  expect(await seq()).toBe(0)
})

it('whoever wants to know of the boundaries of work has one before the commit, which takes all of it back', async () => {
  const point = async (name: string) => {
    if (name === 'work.committing') throw new Error('died')
  }
  await expect(during({ name: 'work', about: 'a', point }, twice)).rejects.toThrow('died')
  expect(await seq()).toBe(0)
})
