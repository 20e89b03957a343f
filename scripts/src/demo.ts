import { runCommand } from './command.ts'
import { demoCast } from './demo/cast.ts'
import { Deviation } from './demo/deviation.ts'
import { findMarket } from './demo/find-market.ts'
import { readOptions } from './demo/options.ts'
import { playDemo } from './demo/play.ts'
import { summaryLines } from './demo/table.ts'

/** `npm run demo`: plays the market's whole story as a client from outside. */
await runCommand(async () => {
  const options = readOptions(process.argv.slice(2), process.env)
  const tell = options.json ? () => undefined : console.log
  const market = await findMarket(options, process.env, tell)
  try {
    const summary = await playDemo({ ...market, cast: demoCast, tell })
    console.log(options.json ? JSON.stringify(summary, undefined, 2) : ['', ...summaryLines(summary)].join('\n'))
  } catch (error) {
    // Whoever has interrupted the story knows why it broke off.
    if (market.stopping?.aborted) return
    if (!(error instanceof Deviation)) throw error
    if (options.json) console.log(JSON.stringify({ market: market.url, ok: false, deviation: error.message }, undefined, 2))
    console.error(error.message)
    process.exitCode = 1
  } finally {
    await market.stop()
  }
})
