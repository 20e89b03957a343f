import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedClock } from '@pasar/shared/clock'
import { domains } from '@pasar/shared/domains'
import { readSettings } from '@pasar/shared/settings'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startFleet } from '../src/fleet/fleet.ts'
import { root } from '../src/paths.ts'
import { prepareDatabases } from '../src/prepare.ts'

const refusal = 'These databases hold the demo accounts, whose passwords everyone knows: start with empty ones.'
const dataDir = mkdtempSync(join(tmpdir(), 'pasar-production-'))
const say = () => undefined

let databases: readonly FreshDatabase[]
let named: Readonly<Record<string, string>>
beforeAll(async () => {
  databases = await Promise.all(domains.map(freshDatabase))
  const urls = domains.map((domain, index) => [`DATABASE_URL_${domain.toUpperCase()}`, databases[index]!.url] as const)
  named = { ...Object.fromEntries(urls), LEDGER_OWNER_URL: databases[domains.indexOf('payments')]!.ownerUrl, DATA_DIR: dataDir }
})
afterAll(async () => {
  await Promise.all(databases.map(({ drop }) => drop()))
  rmSync(dataDir, { recursive: true, force: true })
})

async function prepare(NODE_ENV: string): Promise<void> {
  const env = { ...named, NODE_ENV }
  const { stop } = await prepareDatabases({ env, dataDir, settings: readSettings(env), clock: fixedClock(), say })
  await stop()
}

it('a market in production starts on empty databases, and on none that a demo market was made in', async () => {
  const env = { ...process.env, ...named, NODE_ENV: 'production', PORT: '0' }
  await prepare('production')
  await prepare('development')
  await expect(prepare('production')).rejects.toThrow(refusal)
  await expect(startFleet({ env, settings: readSettings(env), say })).rejects.toThrow(refusal)
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), 'start'], { encoding: 'utf8', env })
  expect([status, stderr]).toEqual([1, `${refusal}\n`])
})
