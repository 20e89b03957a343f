import { runCommand } from './command.ts'
import { readOptions } from './prove/options.ts'
import { openPaymentsDatabase } from './prove/payments-database.ts'
import type { WebhookSummary } from './prove/webhooks/prove.ts'

/** `npm run prove:webhooks -- [--json] [--seed 1] [--notifications 10000] [--lives 2000]`: notifications of both providers, as badly as they may arrive. */
await runCommand(async () => {
  const kinds = { json: 'switch', seed: 'number', notifications: 'number', lives: 'number' } as const
  const { json, seed = 1, notifications = 10_000, lives = 2_000 } = readOptions(kinds)
  const say = (line: string) => console.error(line)
  const database = await openPaymentsDatabase(say)
  try {
    // Its code needs the database clients, which may just have been made.
    const { proveWebhooks } = await import('./prove/webhooks/prove.ts')
    const summary = await proveWebhooks({ databaseUrl: database.url, notifications, lives, seed, say })
    if (json) console.log(JSON.stringify(summary))
    else tell(summary)
    if (!summary.ok) process.exitCode = 1
  } finally {
    await database.stop()
  }
})

function tell({ seed, payments, notifications, answers, handed, perSecond, p99Ms, ...rest }: WebhookSummary): void {
  const { ok, isWhole, forgedTaken, supersededWithEffect, wrongAnswers, wronglyLogged, wrongEffects, wrongStates, unasked } = rest
  const { ledgerSum } = rest
  console.log(`${notifications} notifications about ${payments} payments at two providers (seed ${seed})`)
  console.log(
    `  ${Object.entries(handed)
      .map(([twist, count]) => `${count} ${twist}`)
      .join(', ')}`,
  )
  for (const answer of Object.keys(answers).toSorted((a, b) => a.localeCompare(b))) console.log(`  ${answer}: ${answers[answer]}`)
  console.log(
    `${forgedTaken} forged ones taken, ${supersededWithEffect} superseded ones with effect, ${wrongAnswers} wrong answers, ${wronglyLogged} logged otherwise`,
  )
  console.log(
    `${wrongStates} payments in a wrong state, ${wrongEffects} with other effects than their providers' doing, ${unasked} unasked, ledger sum ${ledgerSum}`,
  )
  console.log(`Midtrans' test vector ${rest.testVector ? 'passes' : 'DOES NOT pass'}`)
  console.log(`${perSecond} per second, p99 ${p99Ms} ms`)
  tellAfter(rest.after)
  console.log(`${ok ? 'as it must be' : 'NOT as it must be'}${isWhole ? '' : '; a sample, not the whole proof'}`)
}

function tellAfter({ ok, lives, notifications, handed, occurred, neverCame, ...faults }: WebhookSummary['after']): void {
  console.log(`${lives} lives after the payment, ${notifications} notifications`)
  const counts = { ...handed, ...occurred }
  for (const [what, count] of Object.entries(counts)) console.log(`  ${what}: ${count}`)
  if (neverCame.length > 0) console.log(`  never came: ${neverCame.join(', ')}`)
  const found = Object.entries(faults).map(([what, count]) => `${what}: ${count}`)
  console.log(`${found.join(', ')}; ${ok ? 'as it must be' : 'NOT as it must be'}`)
}
