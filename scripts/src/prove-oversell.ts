import { parseArgs } from 'node:util'
import { fixedClock, systemClock } from '@pasar/shared/clock'
import { runCommand } from './command.ts'
import { openGround, openSaleMarket } from './prove/oversell/market.ts'
import { sell, type Sale } from './prove/oversell/sale.ts'
import { tellStories, type Story } from './prove/oversell/stories.ts'
import { StartProblem } from './start-problem.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '10' },
    buyers: { type: 'string', default: '2000' },
    units: { type: 'string', default: '100' },
    mode: { type: 'string' },
  },
})

const allModes = ['COUNTER', 'UNITS'] as const
const modes = allModes.filter((mode) => values.mode === undefined || values.mode === mode)
/** What a whole proof is, by each way of taking stock. */
const whole = { seeds: 10, buyers: 2_000, units: 100 }

/** `npm run prove:oversell -- [--json] [--seeds 10] [--seed 1] [--buyers 2000] [--units 100] [--mode COUNTER|UNITS]` */
await runCommand(async () => {
  const say = (line: string) => console.error(line)
  if (modes.length === 0) throw new StartProblem(`--mode must be one of ${allModes.join(', ')}`)
  const ground = await openGround(say)
  try {
    const sales = await sellAll(ground, say)
    const stories: Story[] = []
    const clock = fixedClock(new Date())
    const market = await openSaleMarket(ground, { clock, background: false })
    try {
      for (const mode of modes) stories.push(...(await tellStories(market, clock, mode)))
    } finally {
      await market.stop()
    }
    const summary = summarise(sales, stories)
    if (values.json) console.log(JSON.stringify(summary))
    else tell(summary)
    if (!summary.ok) process.exitCode = 1
  } finally {
    await ground.stop()
  }
})

async function sellAll(ground: Awaited<ReturnType<typeof openGround>>, say: (line: string) => void): Promise<Sale[]> {
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

function summarise(sales: readonly Sale[], stories: readonly Story[]) {
  const isDone = sales.length === Number(values.seeds) * modes.length && sales.length > 0
  const large = sales.filter(({ buyers, units }) => buyers >= whole.buyers && units >= whole.units)
  return {
    ok: isDone && sales.every((sale) => sale.ok) && stories.every((story) => story.ok),
    isWhole: allModes.every((mode) => large.filter((sale) => sale.mode === mode).length >= whole.seeds),
    sales,
    stories,
  }
}

function tell({ ok, isWhole, sales, stories }: ReturnType<typeof summarise>): void {
  for (const sale of sales) {
    console.log(
      `seed ${sale.seed}, by ${sale.mode}: ${sale.paid} paid, ${sale.outOfStock} told that it is sold out, all over after ${sale.terminalAfterMs} ms`,
    )
    console.log(
      `  p99 of a sold-out answer ${sale.soldOutP99Ms} ms; ${sale.shed} times shed; left ${JSON.stringify(sale.left)}; ${sale.ok ? 'as it should be' : JSON.stringify(sale)}`,
    )
  }
  for (const { name, mode, ok, seen } of stories) console.log(`${name}, by ${mode}: ${ok ? 'as it should be' : seen}`)
  console.log(`${ok ? 'as it must be' : 'NOT as it must be'}${isWhole ? '' : '; a sample, not the whole proof'}`)
}
