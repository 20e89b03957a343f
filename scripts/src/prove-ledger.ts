import { runCommand } from './command.ts'
import { readOptions } from './prove/options.ts'
import { openPaymentsDatabase } from './prove/payments-database.ts'
import type { LedgerSummary } from './prove/ledger/prove.ts'

/** `npm run prove:ledger -- [--json] [--seed 1] [--transfers 1000000] [--stops 20] [--drops 1000] [--workers 32]` */
await runCommand(async () => {
  const numbers = { seed: 'number', transfers: 'number', stops: 'number', drops: 'number', workers: 'number' } as const
  const { json, ...given } = readOptions({ json: 'switch', ...numbers })
  const { seed = 1, transfers = 1_000_000, stops = 20, drops = 1_000, workers = 32 } = given
  const say = (line: string) => console.error(line)
  const database = await openPaymentsDatabase(say, { mode: 'crashing', waitsForDisk: true })
  try {
    // Its code needs the database clients, which may just have been made.
    const { proveLedger } = await import('./prove/ledger/prove.ts')
    const sizes = { transfers, stops, drops, workers, seed }
    const summary = await proveLedger({ databaseUrl: database.url, crash: database.crash, ...sizes, say })
    if (json) console.log(JSON.stringify(summary))
    else tell(summary)
    if (!summary.ok) process.exitCode = 1
  } finally {
    await database.stop()
  }
})

function tell(summary: LedgerSummary): void {
  const { ok, isWhole, transfers, workers, stops, droppedReplies, seed, outcomes, unknown, taken, whole, ...rest } = summary
  console.log(`${transfers} transfers by ${workers} workers in ${rest.seconds} s: ${rest.perSecond} per second (seed ${seed})`)
  console.log(`  ${stops} hard stops, ${droppedReplies} replies to COMMIT dropped, ${unknown} times a worker did not know`)
  console.log(
    `  ${Object.entries(outcomes)
      .map(([outcome, count]) => `${count} ${outcome}`)
      .join(', ')}`,
  )
  console.log(`${taken} snapshots (${whole} of every posting): ${rest.unbalanced} unbalanced, ${rest.negative} negative accounts`)
  console.log(`${rest.missing} acknowledged missing, ${rest.extra} that nobody was told of, ${rest.wrongBalances} wrong balances`)
  console.log(`${ok ? 'as it must be' : 'NOT as it must be'}${isWhole ? '' : '; a sample, not the whole proof'}`)
}
