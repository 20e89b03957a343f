import { fixedClock, systemClock } from '@pasar/shared/clock'
import { runCommand } from './command.ts'
import { readOptions } from './prove/options.ts'
import { openGround, openSaleMarket, type Ground } from './prove/oversell/market.ts'
import { sell, type Sale, type SaleOptions } from './prove/oversell/sale.ts'
import { tellStories, type Story } from './prove/oversell/stories.ts'
import { StartProblem } from './start-problem.ts'

const allModes = ['COUNTER', 'UNITS'] as const
/** What a whole proof is, by each way of taking stock. */
const whole = { seeds: 10, buyers: 2_000, units: 100 }

/** `npm run prove:oversell -- [--json] [--seeds 10] [--seed 1] [--buyers 2000] [--units 100] [--mode COUNTER|UNITS]` */
await runCommand(async () => {
  const numbers = { seed: 'number', seeds: 'number', buyers: 'number', units: 'number' } as const
  const { json, mode: only, ...given } = readOptions({ json: 'switch', mode: 'text', ...numbers })
  const { seed: first = 1, seeds = whole.seeds, buyers = whole.buyers, units = whole.units } = given
  const modes = allModes.filter((mode) => only === undefined || only === mode)
  const say = (line: string) => console.error(line)
  if (modes.length === 0) throw new StartProblem(`--mode must be one of ${allModes.join(', ')}`)
  const ground = await openGround(say)
  try {
    const plan = Array.from({ length: seeds }, (_, nth) =>
      modes.map((mode) => ({ seed: first + nth, mode, buyers, units })),
    ).flat()
    const sales = await sellAll(ground, plan, say)
    const stories: Story[] = []
    const clock = fixedClock(new Date())
    const market = await openSaleMarket(ground, { clock, background: false })
    try {
      for (const mode of modes) stories.push(...(await tellStories(market, clock, mode)))
    } finally {
      await market.stop()
    }
    const summary = summarise(plan, sales, stories)
    if (json) console.log(JSON.stringify(summary))
    else tell(summary)
    if (!summary.ok) process.exitCode = 1
  } finally {
    await ground.stop()
  }
})

async function sellAll(ground: Ground, plan: readonly SaleOptions[], say: (line: string) => void): Promise<Sale[]> {
  const { openImportTarget } = await import('./import/target.ts')
  const target = await openImportTarget(ground.databases, systemClock)
  const sales: Sale[] = []
  try {
    for (const options of plan) {
      const market = await openSaleMarket(ground, { clock: systemClock, background: true })
      try {
        const sale = await sell(market, target, options)
        sales.push(sale)
        say(JSON.stringify(sale))
      } finally {
        await market.stop()
      }
    }
    return sales
  } finally {
    await target.stop()
  }
}

function summarise(plan: readonly SaleOptions[], sales: readonly Sale[], stories: readonly Story[]) {
  const isDone = sales.length === plan.length && sales.length > 0
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
