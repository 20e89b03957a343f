import { findsRedis } from '@pasar/shared/testing/redis'
import { runCommand } from './command.ts'
import { openClient } from './demo/client.ts'
import { findShelf } from './prove/live/buying.ts'
import { fanOut, type FanOut } from './prove/live/fan-out.ts'
import { liveThrough, type LifeCycle } from './prove/live/life-cycle.ts'
import { openLiveMarket } from './prove/live/market.ts'
import { readOptions } from './prove/options.ts'
import { StartProblem } from './start-problem.ts'

/** `npm run prove:live -- [--json]`: what followers see of an order's life while everything breaks, and a thousand followers at once. */
await runCommand(async () => {
  const { json } = readOptions({ json: 'switch' })
  if (!findsRedis()) throw new StartProblem('This proof needs redis-server on the PATH (Debian: apt-get install redis-server).')
  const say = (line: string) => console.error(line)
  const market = await openLiveMarket(say)
  try {
    const guest = openClient(market.fleet.url)
    const shelf = await findShelf(guest)
    const lifeCycle = await liveThrough(market, shelf, say)
    say('a thousand guests follow one product')
    const fan = await fanOut(market, shelf)
    await guest.stop()
    const ok = lifeCycle.ok && fan.ok
    if (json) console.log(JSON.stringify({ ok, lifeCycle, fanOut: fan }))
    else tell(lifeCycle, fan)
    if (!ok) process.exitCode = 1
  } finally {
    await market.stop()
  }
})

function tell({ events, followers, losses, quietDeaths }: LifeCycle, fan: FanOut): void {
  console.log(`An order: ${events.join(', ')}`)
  console.log(
    `  ${losses.lost} times a stream of a subgraph was lost, ${losses.ended} times for good; orders died ${quietDeaths} times without that`,
  )
  for (const { name, frames, missing, twice, inOrder, asQueried, ends, endedAsMeant } of followers) {
    const order = inOrder ? 'in order' : 'NOT in order'
    console.log(
      `  ${name}: ${frames} frames ${order}, ${missing} missing, ${twice} twice, ${asQueried} as a query said; ${endsText(ends)}${endedAsMeant ? '' : ', which was NOT meant'}`,
    )
  }
  const { subscribers, upstreams, deliveries, perSecond, different, frames } = fan
  console.log(`${subscribers} subscribers over ${upstreams} upstream: ${deliveries} deliveries, ${perSecond} per second`)
  console.log(`  ${different} differed from the others; frames ${frames ? 'tell every change' : 'DO NOT tell every change'}`)
}

function endsText(ends: Readonly<Record<string, number>>): string {
  const told = Object.entries(ends).map(([reason, count]) => `${count} × ${reason}`)
  return told.length === 0 ? 'never ended' : told.join(', ')
}
