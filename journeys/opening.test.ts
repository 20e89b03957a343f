import { setTimeout as pause } from 'node:timers/promises'
import type { Bus } from '@pasar/shared/bus'
import { limits } from '@pasar/shared/limits'
import { openPostgres } from '@pasar/shared/postgres'
import { expect, it, vi } from 'vitest'
import { openTestMarket } from './market.ts'
import { newBuyer } from './people.ts'

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
