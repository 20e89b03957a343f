import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { demoCast } from '@pasar/scripts/demo/cast'
import { playDemo } from '@pasar/scripts/demo/play'
import { startFleet, type Fleet } from '@pasar/scripts/fleet/fleet'
import { root } from '@pasar/scripts/paths'
import { domains } from '@pasar/shared/domains'
import { freePort } from '@pasar/shared/http/free-port'
import { readSettings } from '@pasar/shared/process/settings'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { redisInstalled, startRedis, type TestRedis } from '@pasar/shared/testing/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const withinMs = 240_000

const portNames = ['PORT', 'PORT_SIMULATORS', 'PORT_SMTP', ...domains.map((domain) => `PORT_${domain.toUpperCase()}`)]

describe.runIf(redisInstalled())('a fleet of processes with PostgreSQL and Redis', () => {
  let redis: TestRedis
  let databases: readonly FreshDatabase[]
  let fleet: Fleet | undefined
  let simulators: string
  const dataDir = mkdtempSync(join(tmpdir(), 'pasar-fleet-'))
  beforeAll(async () => {
    redis = await startRedis()
    databases = await Promise.all(domains.map(freshDatabase))
    const ports = await Promise.all(portNames.map(async (name) => [name, String(await freePort())] as const))
    const urls = domains.map((domain, index) => [`DATABASE_URL_${domain.toUpperCase()}`, databases[index]!.url] as const)
    const { ownerUrl } = databases[domains.indexOf('payments')]!
    const own = { REDIS_URL: redis.url, LEDGER_OWNER_URL: ownerUrl, DATA_DIR: relative(root, dataDir), LOG_LEVEL: 'error' }
    const env = { ...process.env, NODE_ENV: 'development', ...own, ...Object.fromEntries([...ports, ...urls]) }
    const settings = readSettings(env)
    simulators = `http://${settings.HOST}:${settings.PORT_SIMULATORS}`
    fleet = await startFleet({ env, settings, say: () => undefined })
  }, withinMs)
  afterAll(async () => {
    await fleet?.stop()
    await redis.stop()
    await Promise.all(databases.map(({ drop }) => drop()))
    rmSync(dataDir, { recursive: true, force: true })
  }, withinMs)

  it(
    'plays the demo from the shelf to the last rupiah',
    async () => {
      const summary = await playDemo({ url: fleet!.url, simulators, cast: demoCast, tell: () => undefined })
      expect(summary).toMatchObject({ ok: true, ledgerSum: 0 })
      expect(summary.orders.map(({ state }) => state)).toEqual(['COMPLETED', 'COMPLETED'])
      expect(summary.frames).toBeGreaterThanOrEqual(12)
      expect(summary.stock.map(({ before, after }) => before - after)).toEqual([2, 1, 1])
    },
    withinMs,
  )
})
