import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedClock } from '@pasar/shared/clock'
import { domains } from '@pasar/shared/domains'
import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { readSettings } from '@pasar/shared/process/settings'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest'
import { startFleet } from '../src/fleet/fleet.ts'
import { openImportTarget } from '../src/import/target.ts'
import { root } from '../src/paths.ts'
import { prepareDatabases } from '../src/prepare.ts'
import { outside } from './support/outside.ts'

const refusal = 'These databases hold the demo accounts, whose passwords everyone knows: start with empty ones.'
const dataDir = mkdtempSync(join(tmpdir(), 'pasar-production-'))

let databases: readonly FreshDatabase[]
let named: Readonly<Record<string, string>>
beforeEach(async () => {
  databases = await Promise.all(domains.map(freshDatabase))
  const urls = domains.map((domain, index) => [`DATABASE_URL_${domain.toUpperCase()}`, databases[index]!.url] as const)
  named = { ...Object.fromEntries(urls), LEDGER_OWNER_URL: databases[domains.indexOf('payments')]!.ownerUrl, DATA_DIR: dataDir }
})
afterEach(() => Promise.all(databases.map(({ drop }) => drop())))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

async function prepare(NODE_ENV: string, say: (line: string) => void = () => undefined): Promise<void> {
  const env = { ...named, NODE_ENV }
  const { stop } = await prepareDatabases({ env, dataDir, settings: readSettings(env), clock: fixedClock(), say })
  await stop()
}

/** `npm start`: its exit code and what it complains of. */
function start(env: NodeJS.ProcessEnv) {
  const command = [join(root, 'scripts/run.mjs'), 'start']
  const { status, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    env,
    timeout: 45_000,
    killSignal: 'SIGKILL',
  })
  return [status, stderr]
}

it('the demo accounts never come into a market in which people have accounts', async () => {
  await prepare('production')
  const target = await openImportTarget({ urlFor: (domain) => named[`DATABASE_URL_${domain.toUpperCase()}`]! }, fixedClock())
  const siti = { id: newId('account'), email: 'siti@contoh.example', name: 'Siti', password: 'bukan-untuk-umum' }
  await target.people({ accounts: [siti], addresses: [], shops: [] })
  await target.stop()
  const said: string[] = []
  await prepare('development', (line) => said.push(line))
  expect(said).toContain('People have accounts here already: the demo market is made in empty databases alone.')
  await prepare('production')
})

it('a market in production starts on empty databases, and on none that a demo market was made in', async () => {
  const env = { ...process.env, ...named, NODE_ENV: 'production', PORT: '0' }
  await prepare('production')
  await prepare('development')
  await expect(prepare('production')).rejects.toThrow(refusal)
  await expect(startFleet({ env, settings: readSettings(env), say: () => undefined })).rejects.toThrow(refusal)
  expect(start(env)).toEqual([1, `${refusal}\n`])
})

it('a market in production starts on none either in which a single demo account is left', async () => {
  await prepare('production')
  await prepare('development')
  const { pool, stop } = openPostgres({ url: named['DATABASE_URL_USERS']!, connectionsMax: 1 })
  await pool.query(`DELETE FROM account WHERE email = 'admin@pasar.example'`)
  await stop()
  await expect(prepare('production')).rejects.toThrow(refusal)
})

it('a market that cannot open for one of its settings says so in one sentence, and nothing of it goes on', async () => {
  await prepare('production')
  const env = { ...process.env, ...named, ...outside, NODE_ENV: 'production', PORT: '0', TRUSTED_PROXIES: 'foo' }
  expect(start(env)).toEqual([1, 'TRUSTED_PROXIES must list addresses or networks such as 10.0.0.0/8\n'])
})
