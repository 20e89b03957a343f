import { runCommand } from './command.ts'
import { liveInProcess, type Lives, type LivesOptions } from './prove/model/lives.ts'
import { hasOption, numberOption, textOption } from './prove/numbers.ts'
import { inShares } from './prove/shares.ts'

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
    runs: numberOption('runs', 1_000),
    commandsMax: numberOption('commands', 60),
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
  const summary = summarise(shares, { seed, asked: options.runs, minutes })
  if (hasOption('json')) console.log(JSON.stringify(summary))
  else tell(summary)
  if (!summary.ok) process.exitCode = 1
})

interface Given {
  readonly seed: number
  readonly asked: number
  readonly minutes: number
}

function summarise(shares: readonly Lives[], { seed, asked, minutes }: Given) {
  const sum = (of: (lives: Lives) => number) => shares.reduce((total, lives) => total + of(lives), 0)
  const runs = sum((lives) => lives.runs)
  const names = [...new Set(shares.flatMap(({ of }) => Object.keys(of)))].toSorted()
  const failures = shares.flatMap(({ failure }) => failure ?? [])
  return {
    ok: failures.length === 0 && runs > 0,
    seed,
    asked,
    runs,
    commands: sum((lives) => lives.commands),
    deaths: sum((lives) => lives.deaths),
    of: Object.fromEntries(names.map((name) => [name, sum(({ of }) => of[name] ?? 0)])),
    seconds: Math.round(minutes * 60),
    runsPerMinute: Math.round((runs / minutes) * 10) / 10,
    failures,
  }
}

function tell({ runs, commands, deaths, of, seconds, runsPerMinute, failures }: ReturnType<typeof summarise>): void {
  console.log(`${runs} lives of ${commands} commands, ${deaths} deaths in ${seconds} s: ${runsPerMinute} lives a minute`)
  console.log(
    Object.entries(of)
      .map(([name, count]) => `${count} ${name}`)
      .join(', '),
  )
  if (failures.length === 0) console.log('all as the model')
  for (const { seed, told, error } of failures) {
    console.log(`NOT AS THE MODEL (seed ${seed}), at the shortest:`)
    for (const line of told) console.log(`  ${line}`)
    console.log(error)
  }
}
