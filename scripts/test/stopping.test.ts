import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { freshDatabase } from '@pasar/shared/testing/database'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../src/paths.ts'
import { holderOf } from '../src/postgres/claim.ts'
import { clusterFolder } from '../src/postgres/cluster.ts'
import { dataLocation } from '../src/postgres/location.ts'
import { serversIn } from '../src/postgres/processes.ts'
import { resetData } from '../src/postgres/reset.ts'
import { header, line, withFile } from './support/import-csv.ts'
import { outside } from './support/outside.ts'

let dataDir: string
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-stopping-'))
  // PostgreSQL's account must reach the data when the tests run as root.
  chmodSync(folder, 0o755)
  dataDir = join(folder, '.data')
})
afterEach(async () => {
  await resetData(dataDir)
  rmSync(dirname(dataDir), { recursive: true, force: true })
})

const run = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawn(process.execPath, [join(root, 'scripts/run.mjs'), ...args], {
    env: { ...process.env, DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** A command that is sent signals, without a pause between them, when it has first said something; gives how it ends. */
async function stopWhenSaid(child: ReturnType<typeof run>, said: string, signals: readonly NodeJS.Signals[]) {
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  let isAsked = false
  createInterface({ input: child.stdout }).on('line', (told) => {
    if (isAsked || !told.includes(said)) return
    isAsked = true
    // A terminal that is closed takes no words any more.
    if (signals.includes('SIGHUP')) [child.stdout, child.stderr].forEach((words) => words.destroy())
    for (const signal of signals) child.kill(signal)
  })
  const ended: unknown = await once(child, 'exit')
  return { ended, complaints, servers: serversIn(clusterFolder(dataLocation(dataDir).folder)) }
}

const startAndStop = (said: string, signals: readonly NodeJS.Signals[]) =>
  stopWhenSaid(run(['start'], { ...outside, NODE_ENV: 'production', PORT: '0' }), said, signals)

const inOrder = { ended: [0, null], complaints: '', servers: [] }

describe('a market that is asked to stop', () => {
  it('does so in order, with its PostgreSQL, though npm hands on a Ctrl-C that it has already', async () => {
    expect(await startAndStop('Ctrl-C stops it', ['SIGINT', 'SIGTERM', 'SIGINT'])).toEqual(inOrder)
  }, 120_000)

  it.each([
    ['before its databases are there', 'Starting the market', 'SIGINT'],
    ['while they are made, by a terminal that closes', 'Applied', 'SIGHUP'],
  ] as const)(
    'leaves no PostgreSQL behind when that is %s',
    async (_, said, signal) => {
      expect(await startAndStop(said, [signal])).toEqual(inOrder)
    },
    120_000,
  )
})

it.each([
  ['migrate', 'applied'],
  ['seed', 'Made the demo market'],
])(
  'npm run %s that a Ctrl-C reaches finishes what it does, and leaves no PostgreSQL behind',
  async (command, said) => {
    expect(await stopWhenSaid(run([command], {}), said, ['SIGINT'])).toEqual(inOrder)
  },
  120_000,
)

it.each([
  ['before that opens', 'starting one'],
  ['in the middle of the story', 'in stock'],
])(
  'a demo that a Ctrl-C reaches %s stops the market that it has started for itself',
  async (_, said) => {
    expect(await stopWhenSaid(run(['demo'], {}), said, ['SIGINT'])).toEqual({ ...inOrder, ended: [130, null] })
    expect(holderOf(dataLocation(dataDir).folder)).toBeUndefined()
  },
  120_000,
)

it('an import that a Ctrl-C reaches twice finishes its batch and says how far it came', async () => {
  const [users, products] = await Promise.all([freshDatabase('users'), freshDatabase('products')])
  const { pool, stop } = openPostgres({ url: products.url, connectionsMax: 1 })
  const imported = async () => (await pool.query<{ count: number }>('SELECT count(*)::integer FROM product')).rows[0]!.count
  const lines = Array.from({ length: 20_000 }, (_, n) => line({ name: `Kopi ${n}` }))
  await withFile([header, ...lines, ''].join('\n'), async (path) => {
    const child = run(['import', '--json', path], { DATABASE_URL_USERS: users.url, DATABASE_URL_PRODUCTS: products.url })
    const report = text(child.stdout)
    const ended = once(child, 'exit')
    await expect.poll(imported, { timeout: 50_000 }).toBeGreaterThan(0)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) child.kill(signal)
    expect(await ended).toEqual([130, null])
    const said = JSON.parse(await report) as { stopped: boolean; rows: { read: number }; inserted: { products: number } }
    expect(said).toMatchObject({ stopped: true, inserted: { products: await imported() } })
    expect([said.rows.read % 200, said.rows.read < lines.length]).toEqual([0, true])
  })
  await stop()
  await Promise.all([users.drop(), products.drop()])
})
