import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fixedClock } from '@pasar/shared/clock'
import { retryParked } from '@pasar/shared/events/delivery'
import { housekeeping } from '@pasar/shared/process/housekeeping'
import { runOnce } from '@pasar/shared/idempotency'
import { once } from '@pasar/shared/events/inbox'
import { limits } from '@pasar/shared/limits'
import { followEvents, liveCursor, parseLiveCursor } from '@pasar/shared/events/live'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { enqueue, enqueueAll, type NewEvent } from '@pasar/shared/events/outbox'
import { problem } from '@pasar/shared/problems'
import { openRelay } from '@pasar/shared/events/relay'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { eventAt } from '@pasar/shared/testing/bus-contract'
import { openSeam, type TestSeam } from '@pasar/shared/testing/seam'
import { openLoops } from '@pasar/shared/process/worker'

let database: FreshDatabase
let seam: TestSeam
const clock = fixedClock()
const day = 86_400_000

beforeAll(async () => {
  database = await freshDatabase('orders')
  seam = openSeam(database.url)
})
afterAll(async () => {
  await seam.stop()
  await database.drop()
})

const shipped = (orderId: string): NewEvent => ({
  type: 'OrderShipped',
  aggregateId: orderId,
  keys: ['shp_1'],
  payload: { orderId, checkoutId: 'chk_1', buyerId: 'usr_1', shopId: 'shp_1' },
})

const put = (orderId: string) => seam.transaction((tx) => enqueue(tx, clock, shipped(orderId)))

describe('the outbox and its relay', () => {
  it('numbers the events of one aggregate without gap, also when a change is rolled back between', async () => {
    const bus = memoryBus()
    const seen: [string, number, number][] = []
    await bus.consume({
      group: 'g',
      domains: ['orders'],
      handle: async ({ aggregateId, seq, position }) => void seen.push([aggregateId, seq, position]),
    })
    await put('a')
    await expect(
      seam.transaction(async (tx) => {
        await enqueue(tx, clock, shipped('a'))
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await Promise.all([put('a'), put('a'), put('b')])
    const relay = openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus, clock })
    expect(await relay.run()).toBe(4)
    expect(await relay.run()).toBe(0)
    expect(seen.filter(([aggregate]) => aggregate === 'a').map(([, seq]) => seq)).toEqual([1, 2, 3])
    expect(seen.map(([, , position]) => position)).toEqual([1, 2, 3, 4])
  })

  it('gives positions in commit order, not in insert order', async () => {
    const bus = memoryBus()
    const seen: string[] = []
    const positions: number[] = []
    await bus.consume({
      group: 'g',
      domains: ['orders'],
      handle: async ({ aggregateId, position }) => {
        seen.push(aggregateId)
        positions.push(position)
      },
    })
    const relay = openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus, clock })
    let finish = () => undefined as void
    const held = new Promise<void>((resolve) => (finish = resolve))
    let inserted = () => undefined as void
    const begun = new Promise<void>((resolve) => (inserted = resolve))
    const slow = seam.transaction(async (tx) => {
      await enqueue(tx, clock, shipped('slow'))
      inserted()
      await held
    })
    await begun
    await put('fast')
    await relay.run()
    finish()
    await slow
    await relay.run()
    expect(seen).toEqual(['fast', 'slow'])
    expect(positions[0]).toBeLessThan(positions[1]!)
  })

  it('gives each event one position where several relays look at once, and publishes it', async () => {
    const relays = Array.from({ length: 3 }, () =>
      openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus: memoryBus(), clock }),
    )
    let writing = true
    const work = relays.map(async (relay) => {
      while (writing) await relay.run()
    })
    await Promise.all(Array.from({ length: 60 }, (_, index) => put(`several-${index}`)))
    writing = false
    await Promise.all(work)
    await relays[0]!.run()
    const [row] = await seam.db.$queryRawUnsafe<{ events: number; places: number; waiting: number }[]>(
      `SELECT count(*)::integer AS events, (max(position) - min(position) + 1)::integer AS places,
        (count(*) FILTER (WHERE published_at IS NULL))::integer AS waiting
      FROM outbox_event WHERE aggregate_id LIKE 'several-%'`,
    )
    expect(row).toEqual({ events: 60, places: 60, waiting: 0 })
  })

  it('leaves alone what another relay is placing', async () => {
    const relay = openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus: memoryBus(), clock })
    const positionOf = async (id: string) =>
      (
        await seam.db.$queryRawUnsafe<{ position: bigint | null }[]>(
          'SELECT position FROM outbox_event WHERE aggregate_id = $1',
          id,
        )
      )[0]!.position
    await put('placed elsewhere')
    await seam.transaction(async (tx) => {
      await tx.$queryRawUnsafe(`SELECT pg_advisory_xact_lock(hashtext('pasar relay places'))`)
      await relay.run()
    })
    expect(await positionOf('placed elsewhere')).toBe(null)
    let running: Promise<number> | undefined
    const place = `UPDATE outbox_event SET position = (SELECT max(position) + 100 FROM outbox_event) WHERE aggregate_id = $1 RETURNING position`
    const waits = `SELECT count(*)::integer AS waiting FROM pg_locks WHERE NOT granted`
    const given = await seam.transaction(async (tx) => {
      const [row] = await tx.$queryRawUnsafe<{ position: bigint }[]>(place, 'placed elsewhere')
      running = relay.run()
      while ((await seam.db.$queryRawUnsafe<{ waiting: number }[]>(waits))[0]!.waiting === 0);
      return row!.position
    })
    await running
    expect(await positionOf('placed elsewhere')).toBe(given)
    await seam.db.$executeRawUnsafe(`UPDATE outbox_event SET position = position - 99 WHERE aggregate_id = 'placed elsewhere'`)
  })

  it('publishes again what a consumer could not take, and nothing is lost', async () => {
    const bus = memoryBus()
    const seen: string[] = []
    let broken = true
    await bus.consume({
      group: 'g',
      domains: ['orders'],
      handle: async ({ aggregateId }) => {
        if (broken) throw new Error('down')
        seen.push(aggregateId)
      },
    })
    await put('c')
    const relay = openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus, clock })
    await expect(relay.run()).rejects.toThrow('down')
    broken = false
    await relay.run()
    expect(seen).toEqual(['c'])
  })

  /** A bus that has lost what came after a position; `seen` are the positions that it was given since. */
  const busThatLost = async (after: number) => {
    const seen: number[] = []
    const bus = { ...memoryBus(), heldUpTo: async () => Math.max(after, seen.at(-1) ?? 0) }
    await bus.consume({ group: 'g', domains: ['orders'], handle: async ({ position }) => void seen.push(position) })
    return { bus, seen }
  }
  const newestPosition = async () =>
    Number((await seam.db.$queryRawUnsafe<{ newest: bigint }[]>('SELECT max(position) AS newest FROM outbox_event'))[0]!.newest)

  it('fills a bus again that has lost what was published, before anything new hides it', async () => {
    const { bus, seen } = await busThatLost(2)
    const newest = await newestPosition()
    const relay = openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus, clock })
    await put('after the loss')
    expect(await relay.run()).toBe(newest - 2 + 1)
    expect(seen).toEqual(Array.from({ length: newest - 1 }, (_, index) => index + 3))
    expect(await relay.run()).toBe(0)
  })

  it('fills an emptied bus again in small steps, as far back as a bus keeps events, and goes on with what is new', async () => {
    const { bus, seen } = await busThatLost(0)
    const publish = `INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at, position, published_at)
      SELECT $1, n, 'OrderShipped', '{}', '{}', $2, (SELECT max(position) FROM outbox_event) + n, $2 FROM generate_series(1, $3) AS n`
    const daysAgo = (days: number) => new Date(clock.now().getTime() - days * day)
    await seam.db.$executeRawUnsafe(publish, 'long forgotten', daysAgo(limits.streamsKeptDays + 1), 500)
    await seam.db.$executeRawUnsafe(publish, 'of this week', daysAgo(1), 3_000)
    const kept = await seam.db.$queryRawUnsafe<{ position: bigint }[]>(
      'SELECT position FROM outbox_event WHERE published_at > $1 ORDER BY position',
      daysAgo(limits.streamsKeptDays),
    )
    const newest = await newestPosition()
    await put('after the loss')
    const touched: number[] = []
    const counting: typeof seam.transaction = (work) =>
      seam.transaction((tx) =>
        work({
          $queryRawUnsafe: async <T>(text: string, ...values: unknown[]) => {
            const rows = await tx.$queryRawUnsafe<unknown[]>(text, ...values)
            touched.push(rows.length)
            return rows as T
          },
          $executeRawUnsafe: async (text, ...values) => {
            const rows = await tx.$executeRawUnsafe(text, ...values)
            touched.push(rows)
            return rows
          },
        }),
      )
    await openRelay({ domain: 'orders', db: seam.db, transaction: counting, bus, clock }).run()
    expect(seen).toEqual([...kept.map(({ position }) => Number(position)), newest + 1])
    expect(Math.max(...touched)).toBe(limits.relayBatchMax)
  })
})

describe('a live stream', () => {
  it('shows each event of its key once, in order, and resumes from a cursor without gap', async () => {
    const bus = memoryBus()
    const relay = openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus, clock })
    const source = { domain: 'orders', db: seam.db, bus } as const
    const live = await followEvents(source, { key: 'live-1' })
    for (const orderId of ['live-1', 'other', 'live-1', 'live-1']) await put(orderId)
    await relay.run()
    const first = (await live.next()).value
    const rest = [(await live.next()).value, (await live.next()).value]
    expect([first, ...rest].map((event) => event.seq)).toEqual([1, 2, 3])
    await live.return?.()
    const resumed = await followEvents(source, { key: 'live-1', after: parseLiveCursor(liveCursor(first)) })
    expect([(await resumed.next()).value.seq, (await resumed.next()).value.seq]).toEqual([2, 3])
    const waiting = resumed.next()
    await resumed.return?.()
    expect((await waiting).done).toBe(true)
  })

  it('shows what happens now while consumers still work at what happened before', async () => {
    const bus = memoryBus()
    let handled = () => undefined as void
    const held = new Promise<void>((resolve) => (handled = resolve))
    let taken = () => undefined as void
    const begun = new Promise<void>((resolve) => (taken = resolve))
    const handle = async () => {
      taken()
      await held
    }
    await bus.consume({ group: 'g', domains: ['orders'], handle })
    const backlog = Array.from({ length: limits.relayBatchMax + 1 }, () => shipped('of the sale'))
    await seam.transaction((tx) => enqueueAll(tx, clock, backlog))
    const { workers } = openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus, clock })
    const loops = openLoops(workers, openLog('silent', 'test'))
    loops.begin()
    loops.wake()
    await begun
    const live = await followEvents({ domain: 'orders', db: seam.db, bus }, { key: 'live-3' })
    await put('live-3')
    loops.wake()
    expect((await live.next()).value.aggregateId).toBe('live-3')
    handled()
    await live.return?.()
    await loops.stop()
  })

  it('shows all that is kept to who begins with START', async () => {
    const bus = memoryBus()
    const relay = openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus, clock })
    for (const orderId of ['live-2', 'live-2']) await put(orderId)
    await relay.run()
    const live = await followEvents({ domain: 'orders', db: seam.db, bus }, { key: 'live-2', after: parseLiveCursor('START') })
    expect([(await live.next()).value.seq, (await live.next()).value.seq]).toEqual([1, 2])
    await live.return?.()
  })

  it('refuses a cursor of a market whose data is gone', async () => {
    const source = { domain: 'orders', db: seam.db, bus: memoryBus() } as const
    await expect(followEvents(source, { key: 'live-1', after: 99_999_999 })).rejects.toThrow('after: expected a cursor')
  })

  it('refuses a cursor that it never gave', () => {
    expect(() => parseLiveCursor('x')).toThrow('after: expected a cursor')
    expect(parseLiveCursor(null)).toBeUndefined()
  })
})

describe('an inbox', () => {
  it('lets an event have its effect once, however often it comes', async () => {
    let effects = 0
    const consume = once({ transaction: seam.transaction, clock }, 'test')
    const results = await Promise.all([1, 2, 3].map(() => consume(eventAt(1), async () => void (effects += 1))))
    expect(effects).toBe(1)
    expect(results.filter(Boolean)).toHaveLength(1)
  })

  it('forgets an event whose effect failed', async () => {
    const consume = once({ transaction: seam.transaction, clock }, 'test')
    await expect(consume(eventAt(2), () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await consume(eventAt(2), async () => undefined)).toBe(true)
  })

  it('remembers an event for as long as the market’s clock says, whatever the database’s says', async () => {
    const inAYear = fixedClock()
    inAYear.advance(365 * day)
    const consume = once({ transaction: seam.transaction, clock: inAYear }, 'test')
    const sweep = () => housekeeping({ domain: 'orders', db: seam.db, clock: inAYear }).run()
    expect(await consume(eventAt(3), async () => undefined)).toBe(true)
    await sweep()
    expect(await consume(eventAt(3), async () => undefined)).toBe(false)
    inAYear.advance(61 * day)
    await sweep()
    expect(await consume(eventAt(3), async () => undefined)).toBe(true)
  })
})

describe('a parked event', () => {
  const parkedRows = () => seam.db.$queryRawUnsafe<{ event_id: string }[]>('SELECT event_id FROM parked_event')

  it('waits for a person no longer than its consumer needs to mend', async () => {
    const log = openLog('silent', 'test')
    const delivery = { consumer: 'carts', db: seam.db, log, signal: new AbortController().signal }
    let broken = true
    const handled: string[] = []
    const handle = async ({ id }: { id: string }) => {
      if (broken) throw new Error('down')
      handled.push(id)
    }
    const park = `INSERT INTO parked_event VALUES ('carts', $1, $2::jsonb, 'down', now() - interval '2 minutes')`
    await seam.db.$executeRawUnsafe(park, 'orders:9', JSON.stringify(eventAt(9)))
    const again = retryParked(delivery, handle)
    expect(await again.run()).toBe(0)
    expect(await parkedRows()).toEqual([{ event_id: 'orders:9' }])
    broken = false
    expect(await again.run()).toBe(0)
    await seam.db.$executeRawUnsafe(`UPDATE parked_event SET parked_at = now() - interval '2 minutes'`)
    expect(await again.run()).toBe(1)
    expect(handled).toEqual(['orders:9'])
    expect(await parkedRows()).toEqual([])
  })
})

describe('an idempotency key', () => {
  const attempt = { scope: 'buy', actor: 'usr_1', input: { amount: 5n } }
  const run = (key: string, work: () => Promise<object>, input: unknown = attempt.input) =>
    runOnce({ transaction: seam.transaction, clock }, { ...attempt, key, input }, work)

  it('gives ten clicks at once one effect and one answer', async () => {
    const work = vi.fn(async () => ({ __typename: 'Done', paid: 5n, at: clock.now() }))
    const answers = await Promise.all(Array.from({ length: 10 }, () => run('k1', work)))
    expect(work).toHaveBeenCalledTimes(1)
    expect(new Set(answers.map((answer) => (answer as { paid: bigint }).paid))).toEqual(new Set([5n]))
    expect(answers[9]).toEqual({ __typename: 'Done', paid: 5n, at: clock.now() })
  })

  it('is refused with another input, and does not reach across actors', async () => {
    await run('k2', async () => ({ __typename: 'Done' }))
    expect(await run('k2', async () => ({ __typename: 'Done' }), { amount: 6n })).toEqual(
      problem('IdempotencyKeyReused', { idempotencyKey: 'k2' }),
    )
    const other = await runOnce(
      { transaction: seam.transaction, clock },
      { ...attempt, actor: 'usr_2', key: 'k2' },
      async () => ({ __typename: 'Other' }),
    )
    expect(other).toEqual({ __typename: 'Other' })
  })

  it('keeps the outcome that was foreseen with the claim, and another one where it comes to that', async () => {
    const texts: string[] = []
    const watching: typeof seam.transaction = (work) =>
      seam.transaction((tx) => {
        const $executeRawUnsafe: typeof tx.$executeRawUnsafe = (text, ...values) => {
          texts.push(text.slice(0, 6))
          return tx.$executeRawUnsafe(text, ...values)
        }
        return work({ ...tx, $executeRawUnsafe })
      })
    const foreseen = { __typename: 'Begun', id: 7n }
    const made = (key: string, result: object) =>
      runOnce({ transaction: watching, clock }, { ...attempt, key, foreseen }, async () => result)
    expect(await made('f1', { ...foreseen })).toEqual(foreseen)
    expect(await made('f2', { __typename: 'Other' })).toEqual({ __typename: 'Other' })
    expect(texts).toEqual(['INSERT', 'INSERT', 'UPDATE'])
    const never = async () => ({ __typename: 'Never' })
    expect([await run('f1', never), await run('f2', never)]).toEqual([foreseen, { __typename: 'Other' }])
  })

  it('is still answered with its outcome a day later, housekeeping or not', async () => {
    const outcome = await run('k4', async () => ({ __typename: 'Done', at: clock.now() }))
    clock.advance(24 * 3_600_000)
    await housekeeping({ domain: 'orders', db: seam.db, clock }).run()
    const work = vi.fn(async () => ({ __typename: 'Done', at: clock.now() }))
    expect(await run('k4', work)).toEqual(outcome)
    expect(work).not.toHaveBeenCalled()
  })

  it('makes a repeat the first one where what it met is forgotten before it is read', async () => {
    await run('k5', async () => ({ __typename: 'Done' }))
    const forgetful: typeof seam.transaction = (work) =>
      seam.transaction((tx) => {
        const $queryRawUnsafe: typeof tx.$queryRawUnsafe = async (text, ...values) => {
          await seam.db.$executeRawUnsafe(`DELETE FROM idempotency_record WHERE key = 'k5' AND outcome IS NOT NULL`)
          return tx.$queryRawUnsafe(text, ...values)
        }
        return work({ ...tx, $queryRawUnsafe })
      })
    const again = await runOnce({ transaction: forgetful, clock }, { ...attempt, key: 'k5' }, async () => ({
      __typename: 'Again',
    }))
    expect(again).toEqual({ __typename: 'Again' })
    expect(await run('k5', async () => ({ __typename: 'Third' }))).toEqual({ __typename: 'Again' })
  })

  it('does not record a refusal, and rolls back what the command had begun', async () => {
    const refuse = runOnce({ transaction: seam.transaction, clock }, { ...attempt, key: 'k3' }, async (tx) => {
      await enqueue(tx, clock, shipped('refused'))
      return problem('OutOfStock', {})
    })
    expect(await refuse).toMatchObject({ code: 'OUT_OF_STOCK' })
    expect(await seam.db.$queryRawUnsafe(`SELECT 1 FROM outbox_event WHERE aggregate_id = 'refused'`)).toEqual([])
    expect(await run('k3', async () => ({ __typename: 'Done' }))).toEqual({ __typename: 'Done' })
  })
})

describe('housekeeping', () => {
  it('forgets what is over its time and keeps positions going on', async () => {
    const bus = memoryBus()
    const relay = openRelay({ domain: 'orders', db: seam.db, transaction: seam.transaction, bus, clock })
    await put('old')
    await relay.run()
    const newest = async () =>
      (await seam.db.$queryRawUnsafe<{ position: bigint }[]>('SELECT max(position) AS position FROM outbox_event'))[0]!.position
    const before = await newest()
    const attempt = { scope: 'buy', actor: 'usr_1', key: 'old', input: {} }
    await runOnce({ transaction: seam.transaction, clock }, attempt, async () => ({ __typename: 'Done' }))
    clock.advance(31 * day)
    await housekeeping({ domain: 'orders', db: seam.db, clock }).run()
    expect(await seam.db.$queryRawUnsafe('SELECT position FROM outbox_event')).toEqual([{ position: before }])
    expect(await seam.db.$queryRawUnsafe('SELECT 1 FROM idempotency_record')).toEqual([])
    await put('new')
    await relay.run()
    expect(await newest()).toBe(before + 1n)
  })
})
