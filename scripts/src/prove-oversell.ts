import { parseArgs } from 'node:util'
import { fixedClock, systemClock } from '@pasar/shared/clock'
import { runCommand } from './command.ts'
import { openGround, openSaleMarket } from './prove/oversell/market.ts'
import { sell, type Sale } from './prove/oversell/sale.ts'
import type { Mode } from './prove/oversell/shelf.ts'
import { tellStories, type Story } from './prove/oversell/stories.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    buyers: { type: 'string', default: '2000' },
    units: { type: 'string', default: '100' },
    mode: { type: 'string' },
  },
})

/** `npm run prove:oversell -- [--json] [--seeds 10] [--seed 1] [--buyers 2000] [--units 100] [--mode COUNTER|UNITS]` */
await runCommand(async () => {
  const say = (line: string) => console.error(line)
  const ground = await openGround(say)
  try {
    const modes = (['COUNTER', 'UNITS'] as const).filter((mode) => values.mode === undefined || values.mode === mode)
    const sales = await sellAll(ground, modes, say)
    const stories: Story[] = []
    const clock = fixedClock(new Date())
    const market = await openSaleMarket(ground, { clock, background: false })
    try {
      for (const mode of modes) stories.push(...(await tellStories(market, clock, mode)))
    } finally {
      await market.stop()
    }
    const ok = sales.every((sale) => sale.ok) && stories.every((story) => story.ok)
    if (values.json) console.log(JSON.stringify({ ok, sales, stories }))
    else tell(sales, stories)
    if (!ok) process.exitCode = 1
  } finally {
    await ground.stop()
  }
})

async function sellAll(
  ground: Awaited<ReturnType<typeof openGround>>,
  modes: readonly Mode[],
  say: (line: string) => void,
): Promise<Sale[]> {
  const { openImportTarget } = await import('./import/target.ts')
  const target = await openImportTarget(ground.databases, systemClock)
  const sales: Sale[] = []
  try {
    for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.seeds); seed += 1) {
      for (const mode of modes) {
        const market = await openSaleMarket(ground, { clock: systemClock, background: true })
        try {
          const sale = await sell(market, target, { seed, mode, buyers: Number(values.buyers), units: Number(values.units) })
          sales.push(sale)
          say(JSON.stringify(sale))
        } finally {
          await market.stop()
        }
      }
    }
    return sales
  } finally {
    await target.stop()
  }
}

function tell(sales: readonly Sale[], stories: readonly Story[]): void {
  for (const sale of sales) {
    console.log(
      `seed ${sale.seed}, by ${sale.mode}: ${sale.paid} paid, ${sale.outOfStock} told that it is sold out, all over after ${sale.terminalAfterMs} ms`,
    )
    console.log(
      `  p99 of a sold-out answer ${sale.soldOutP99Ms} ms; ${sale.shed} times shed; left ${JSON.stringify(sale.left)}; ${sale.ok ? 'as it should be' : JSON.stringify(sale)}`,
    )
  }
  for (const { name, mode, ok, seen } of stories) console.log(`${name}, by ${mode}: ${ok ? 'as it should be' : seen}`)
}
