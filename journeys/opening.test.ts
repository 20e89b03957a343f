import { setTimeout as pause } from 'node:timers/promises'
import { openMarket } from '@pasar/scripts/market'
import type { Bus } from '@pasar/shared/events/bus'
import { fixedClock } from '@pasar/shared/clock'
import type { Domain } from '@pasar/shared/domains'
import { listen } from '@pasar/shared/http/server'
import { limits } from '@pasar/shared/limits'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { readSettings } from '@pasar/shared/process/settings'
import { expect, it, vi } from 'vitest'
import { openTestMarket } from './market.ts'
import { newBuyer } from './people.ts'
import { freshRemains } from './remains.ts'

/** Long enough for whoever would publish too early or too late to do so. */
const aWhile = () => pause(3 * limits.relayPollMs)

/** A bus whose groups come and go slowly, and what happens on it. */
function slowBus(bus: Bus, happened: string[], leaving: () => Promise<void>): Bus {
  return {
    ...bus,
    consume: async (subscription) => {
      await aWhile()
      const leave = await bus.consume(subscription)
      happened.push('somebody comes')
      return async () => {
        happened.push('somebody leaves')
        await leave()
        await leaving()
      }
    },
    publish: async (domain, events) => {
      happened.push('published')
      await bus.publish(domain, events)
    },
  }
}

it('an event that waits when a market opens or closes is published when all are there whom it is for, and not before or after', async () => {
  const first = await openTestMarket()
  await newBuyer(first)
  await first.end()
  const url = first.remains.databases.users.url
  /** What a process that died before it could publish leaves behind. */
  const leaveUnpublished = async () => {
    const { pool, stop } = openPostgres({ url, connectionsMax: 1 })
    await pool.query('UPDATE outbox_event SET published_at = NULL')
    await stop()
  }
  await leaveUnpublished()
  const happened: string[] = []
  const leaving = async () => {
    await leaveUnpublished()
    await aWhile()
  }
  const throughBus = (bus: Bus) => slowBus(bus, happened, leaving)
  const market = await openTestMarket({ remains: first.remains, background: true, throughBus })
  await vi.waitFor(() => expect(happened).toContain('published'), { timeout: 20_000 })
  await market.stop()
  const comes = happened.filter((what) => what === 'somebody comes')
  expect(comes.length).toBeGreaterThan(3)
  expect(happened.slice(0, comes.length)).toEqual(comes)
  expect(happened.slice(happened.indexOf('somebody leaves'))).not.toContain('published')
})

/** A market in one process that has yet to open, and where people will knock. */
async function unopened() {
  const { keys, databases, dataDir, remove } = await freshRemains('in one process')
  const log = openLog('silent', 'journey')
  const http = await listen({ host: '127.0.0.1', port: 0, log })
  const parts = { bus: memoryBus(), clock: fixedClock(), log, http, dataDir, accounts: [] }
  const settings = readSettings({ ...keys, LOG_LEVEL: 'silent' })
  const databaseUrl = (domain: Domain) => databases[domain].url
  return { options: { ...parts, settings, databaseUrl, background: false }, door: `http://127.0.0.1:${http.port}/ready`, remove }
}

it('a market lets nobody in before what must be done first is done', async () => {
  const { options, door, remove } = await unopened()
  const statuses: number[] = []
  const knock = async () => void statuses.push((await fetch(door)).status)
  const market = await openMarket({ ...options, beforeOpening: knock })
  await knock()
  await market.stop()
  await remove()
  expect(statuses).toEqual([503, 200])
})

it('a market that cannot open after all leaves nobody at work behind, and no door', async () => {
  const { options, door, remove } = await unopened()
  const others = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
  const atWork = async () => {
    const { pool, stop } = openPostgres({ url: options.databaseUrl('users'), connectionsMax: 1 })
    const { rows } = await pool.query(others)
    await stop()
    return rows.length
  }
  const beforeOpening = async () => {
    expect(await atWork()).toBeGreaterThan(0)
    throw new Error('not today')
  }
  await expect(openMarket({ ...options, background: true, beforeOpening })).rejects.toThrow('not today')
  await vi.waitFor(async () => expect(await atWork()).toBe(0))
  await expect(fetch(door)).rejects.toThrow()
  await remove()
})
