import { expect, it } from 'vitest'
import { proveLedger } from '../src/prove/ledger/prove.ts'
import { openPaymentsDatabase } from '../src/prove/payments-database.ts'

it('loses no transfer and makes none twice, whatever dies and whichever reply gets lost', async () => {
  const database = await openPaymentsDatabase(() => undefined, { mode: 'crashing' })
  try {
    const sizes = { transfers: 1_200, stops: 2, drops: 24, workers: 32, seed: 3 }
    const { url: databaseUrl, crash } = database
    const summary = await proveLedger({ databaseUrl, crash, ...sizes, say: () => undefined })
    const clean = { unbalanced: 0, negative: 0, missing: 0, extra: 0, wrongBalances: 0 }
    expect(summary).toMatchObject({ ok: true, stops: 2, ...clean })
    // Without replies that got lost after their COMMIT nothing would have been proven.
    expect(summary.outcomes['found posted']).toBeGreaterThan(10)
    expect(summary.outcomes.refused).toBeGreaterThan(0)
  } finally {
    await database.stop()
  }
}, 120_000)
