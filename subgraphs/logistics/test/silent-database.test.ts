import { openSilentWay } from '@pasar/shared/testing/silent-way'
import { expect, it, vi } from 'vitest'
import { openLogistics } from '../src/subgraph.ts'
import { acceptOrder, shipmentsOf, startLogistics } from './logistics-for-test.ts'

/** Logistics that works by itself, and whose connections to its database can fall silent under a statement. */
async function startOverSilentWay() {
  const ways: Awaited<ReturnType<typeof openSilentWay>>[] = []
  let awaited: string | undefined
  const onStatement = (text: string) => {
    if (awaited === undefined || !text.includes(awaited)) return
    awaited = undefined
    ways[0]!.fallSilent()
  }
  const logistics = await startLogistics(async (platform, url) => {
    ways.push(await openSilentWay(new URL(url)))
    return openLogistics({ ...platform, background: true, databaseAnswerMs: 1_000, onStatement }, ways[0]!.url)
  })
  const hasBooked = async ({ orderId, buyer }: Awaited<ReturnType<typeof acceptOrder>>) => {
    const isBooked = async () => {
      // What was not answered is due again.
      logistics.clock.advance(60_000)
      expect(await shipmentsOf(logistics, orderId, buyer)).toMatchObject([{ status: 'CONFIRMED' }])
    }
    await vi.waitFor(isBooked, { timeout: 30_000 })
  }
  return {
    logistics,
    hasBooked,
    silenceAt: (words: string) => void (awaited = words),
    hasFallenSilent: () => awaited === undefined,
    stop: async () => {
      await logistics.stop()
      ways[0]!.close()
    },
  }
}

it.each([
  ['a worker looks for parcels to book', 'UPDATE shipment SET attempts'],
  ['an order is taken in', 'INSERT INTO inbox_event'],
  ['a transaction ends', 'COMMIT'],
])(
  'a parcel is booked, and the process can be stopped, although the database falls silent while %s',
  { timeout: 60_000 },
  async (_, words) => {
    const { logistics, hasBooked, silenceAt, hasFallenSilent, stop } = await startOverSilentWay()
    await hasBooked(await acceptOrder(logistics))
    silenceAt(words)
    await hasBooked(await acceptOrder(logistics))
    expect(hasFallenSilent()).toBe(true)
    await stop()
  },
)
