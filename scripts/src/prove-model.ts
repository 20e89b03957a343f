import { runCommand } from './command.ts'
import { liveInProcess, type Lives, type LivesOptions } from './prove/model/lives.ts'
import { orderStepNames } from './prove/model/order-steps.ts'
import { hasOption, numberOption, textOption } from './prove/numbers.ts'
import { inShares } from './prove/shares.ts'

/** What a whole proof is. */
const whole = { runs: 1_000, commands: 60 }

/**
 * `npm run prove:model -- [--json] [--runs n] [--commands n] [--seconds n] [--seed n] [--workers n]`: lives of orders made by chance, deaths
 * included, against a pure model.
 */
await runCommand(async () => {
  const say = (line: string) => console.error(line)
  const seed = numberOption('seed', Math.floor(Math.random() * 1_000_000))
  const workers = numberOption('workers', 2)
  const options: Omit<LivesOptions, 'share'> = {
    seed,
    runs: numberOption('runs', whole.runs),
    commandsMax: numberOption('commands', whole.commands),
    secondsMax: numberOption('seconds', 36_000),
  }
  const nth = textOption('share')
  if (nth !== undefined) {
    console.log(JSON.stringify(await liveInProcess({ ...options, share: { of: workers, nth: Number(nth) } }, say)))
    return
  }
  say(`seed ${seed}`)
  const since = performance.now()
  const shares = await inShares<Lives>('prove-model', workers, ['--seed', String(seed)])
  const minutes = (performance.now() - since) / 60_000
  const summary = summarise(shares, { seed, asked: options.runs, commandsMax: options.commandsMax, minutes })
  if (hasOption('json')) console.log(JSON.stringify(summary))
  else tell(summary)
  if (!summary.ok) process.exitCode = 1
})

interface Given {
  readonly seed: number
  readonly asked: number
  readonly commandsMax: number
  readonly minutes: number
}

function summarise(shares: readonly Lives[], { seed, asked, commandsMax, minutes }: Given) {
  const sum = (of: (lives: Lives) => number) => shares.reduce((total, lives) => total + of(lives), 0)
  const runs = sum((lives) => lives.runs)
  const names = [...new Set(shares.flatMap(({ of }) => Object.keys(of)))].toSorted()
  const failures = shares.flatMap(({ failure }) => failure ?? [])
  return {
    ok: failures.length === 0 && runs > 0 && (runs === asked || shares.some(({ isCutShort }) => isCutShort)),
    isWhole: runs >= whole.runs && commandsMax >= whole.commands,
    seed,
    asked,
    runs,
    commands: sum((lives) => lives.commands),
    deaths: sum((lives) => lives.deaths),
    of: Object.fromEntries(names.map((name) => [name, sum(({ of }) => of[name] ?? 0)])),
    /** What orders may do and none of them did. */
    neverCame: orderStepNames.filter((name) => !names.includes(name)),
    seconds: Math.round(minutes * 60),
    runsPerMinute: Math.round((runs / minutes) * 10) / 10,
    failures,
  }
}

type Summary = ReturnType<typeof summarise>

function tell({ isWhole, asked, runs, commands, deaths, of, neverCame, seconds, runsPerMinute, failures }: Summary): void {
  console.log(`${runs} lives of ${commands} commands, ${deaths} deaths in ${seconds} s: ${runsPerMinute} lives a minute`)
  console.log(
    Object.entries(of)
      .map(([name, count]) => `${count} ${name}`)
      .join(', '),
  )
  if (neverCame.length > 0) console.log(`no order came to: ${neverCame.join(', ')}`)
  if (runs < asked) console.log(`${asked - runs} of the lives that were asked for were not lived`)
  if (failures.length === 0) console.log(isWhole ? 'all as the model' : 'all as the model; a sample, not the whole proof')
  for (const { seed, told, error } of failures) {
    console.log(`NOT AS THE MODEL (seed ${seed}), at the shortest:`)
    for (const line of told) console.log(`  ${line}`)
    console.log(error)
  }
}
