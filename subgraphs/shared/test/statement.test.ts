import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { openPostgres, type Postgres } from '@pasar/shared/postgres'
import { sendOver, type Statement } from '@pasar/shared/statement'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { openTogether } from '@pasar/shared/together'
import { afterAll, beforeAll, expect, it } from 'vitest'

let database: FreshDatabase
let way: Awaited<ReturnType<typeof openWay>>
let postgres: Postgres
beforeAll(async () => {
  database = await freshDatabase('orders')
  way = await openWay(new URL(database.url))
  postgres = openPostgres({ url: way.url, connectionsMax: 1 })
})
afterAll(async () => {
  await postgres.stop()
  way.close()
  await database.drop()
})

/** A way to a database that can fall silent: what goes into it then is lost, and nobody is told. */
async function openWay(to: URL) {
  const ends = new Set<Socket>()
  const server = createServer((from) => {
    const on = connect(Number(to.port), to.hostname)
    const join = (end: Socket, other: Socket) => {
      end.on('error', () => other.destroy()).on('close', () => other.destroy())
      end.pipe(other, { end: false })
      ends.add(end)
    }
    join(from, on)
    join(on, from)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(to)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    fallSilent: () => ends.forEach((end) => end.unpipe().resume()),
    close: () => {
      server.close()
      ends.forEach((end) => end.destroy())
    },
  }
}

it('gives a connection up that does not answer, so that those who come afterwards are answered on another one', async () => {
  const one: Statement = { name: 'one', text: 'SELECT 1 AS one' }
  const send = sendOver(postgres.pool, undefined, 2_000)
  const ask = openTogether<number, number>({
    most: 10,
    key: () => '',
    run: async (some) => {
      const [row] = await send<{ one: number }>(one)
      return some.map(() => row!.one)
    },
  })
  expect(await ask(0)).toBe(1)
  way.fallSilent()
  const [first, second] = [ask(1), ask(2)]
  await expect(first).rejects.toThrow('the database does not answer')
  expect(await second).toBe(1)
})
