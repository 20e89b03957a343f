import { runCommand } from './command.ts'
import { liveInProcess, type Lives, type LivesOptions } from './prove/model/lives.ts'
import { summarise, whole } from './prove/model/summary.ts'
import { readOptions } from './prove/options.ts'
import { inShares } from './prove/shares.ts'

/**
 * `npm run prove:model -- [--json] [--runs n] [--commands n] [--seconds n] [--seed n] [--workers n]`: lives of orders made by chance, deaths
 * included, against a pure model.
 */
await runCommand(async () => {
  const say = (line: string) => console.error(line)
  const numbers = {
    runs: 'number',
    commands: 'number',
    seconds: 'number',
    seed: 'number',
    workers: 'number',
    share: 'number',
  } as const
  const given = readOptions({ json: 'switch', ...numbers })
  const { seed = Math.floor(Math.random() * 1_000_000), workers = 2, share: nth } = given
  const { runs = whole.runs, commands: commandsMax = whole.commands, seconds: secondsMax = 36_000 } = given
  const options: Omit<LivesOptions, 'share'> = { seed, runs, commandsMax, secondsMax }
  if (nth !== undefined) {
    console.log(JSON.stringify(await liveInProcess({ ...options, share: { of: workers, nth } }, say)))
    return
  }
  say(`seed ${seed}`)
  const since = performance.now()
  const shares = await inShares<Lives>('prove-model', workers, ['--seed', String(seed)])
  const minutes = (performance.now() - since) / 60_000
  const summary = summarise(shares, { seed, asked: options.runs, commandsMax: options.commandsMax, minutes })
  if (given.json) console.log(JSON.stringify(summary))
  else tell(summary)
  if (!summary.ok) process.exitCode = 1
})

type Summary = ReturnType<typeof summarise>

function tell({ isWhole, asked, runs, commands, deaths, of, neverCame, seconds, runsPerMinute, failures }: Summary): void {
  console.log(`${runs} lives of ${commands} commands, ${deaths} deaths in ${seconds} s: ${runsPerMinute} lives a minute`)
  console.log(
    Object.entries(of)
      .map(([name, count]) => `${count} ${name}`)
      .join(', '),
  )
  if (neverCame.length > 0) console.log(`never came: ${neverCame.join(', ')}`)
  if (runs < asked) console.log(`${asked - runs} of the lives that were asked for were not lived`)
  if (failures.length === 0) console.log(isWhole ? 'all as the model' : 'all as the model; a sample, not the whole proof')
  for (const { seed, told, error } of failures) {
    console.log(`NOT AS THE MODEL (seed ${seed}), at the shortest:`)
    for (const line of told) console.log(`  ${line}`)
    console.log(error)
  }
}
