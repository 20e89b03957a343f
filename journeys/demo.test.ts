import { demoCast } from '@pasar/scripts/demo/cast'
import { playDemo } from '@pasar/scripts/demo/play'
import { seedMarket } from '@pasar/scripts/seed/seed-market'
import { systemClock } from '@pasar/shared/clock'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshRemains, openTestMarket, type TestMarket } from './market.ts'

let test: TestMarket
beforeAll(async () => {
  const remains = await freshRemains()
  const databases = {
    urlFor: (domain: keyof typeof remains.databases) => remains.databases[domain].url,
    stop: async () => undefined,
  }
  await seedMarket({ databases, clock: systemClock, say: () => undefined })
  test = await openTestMarket({ remains, background: true })
})
afterAll(() => test.stop())

it('the demo plays through in a market in one process, twice in a row', async () => {
  for (const told of [[], []] as string[][]) {
    const { url } = test.market
    const summary = await playDemo({ url, simulators: url, cast: demoCast, tell: (line) => void told.push(line) })
    expect(summary).toMatchObject({ ok: true, ledgerSum: 0 })
    expect(summary.orders.map(({ state, delivered, held }) => ({ state, delivered, held }))).toEqual([
      { state: 'COMPLETED', delivered: true, held: 0 },
      { state: 'COMPLETED', delivered: true, held: 0 },
    ])
    expect(summary.frames).toBeGreaterThanOrEqual(12)
    expect(told.filter((line) => line.includes('▸'))).toHaveLength(summary.frames)
    expect(summary.stock.map(({ before, after }) => before - after)).toEqual([2, 1, 1])
  }
}, 120_000)
