import { systemClock } from '@pasar/shared/clock'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { freshDatabase } from '@pasar/shared/testing/database'
import { expect, it } from 'vitest'
import { proveLedger } from '../src/prove/ledger/prove.ts'
import { openCommitProxy } from '../src/prove/ledger/proxy.ts'
import { fundingOf, openTransfers } from '../src/prove/ledger/transfers.ts'
import { openPaymentsDatabase } from '../src/prove/payments-database.ts'

it('loses no transfer and makes none twice, whatever dies and whichever reply gets lost', async () => {
  const database = await openPaymentsDatabase(() => undefined, { mode: 'crashing' })
  try {
    const sizes = { transfers: 1_200, stops: 2, drops: 24, workers: 32, seed: 3 }
    const { url: databaseUrl, crash } = database
    const summary = await proveLedger({ databaseUrl, crash, ...sizes, say: () => undefined })
    const clean = { unbalanced: 0, negative: 0, missing: 0, extra: 0, wrongBalances: 0 }
    expect(summary).toMatchObject({ ok: true, isWhole: false, stops: 2, droppedReplies: 24, ...clean })
    // Without replies that got lost after their COMMIT nothing would have been proven.
    expect(summary.outcomes['found posted']).toBeGreaterThan(10)
    expect(summary.outcomes.refused).toBeGreaterThan(0)
  } finally {
    await database.stop()
  }
}, 120_000)

it('loses the reply to a COMMIT that took effect, never the word that an account has not as much', async () => {
  const database = await freshDatabase('payments')
  const proxy = await openCommitProxy(database.url)
  const postgres = openPostgres({ url: proxy.url, connectionsMax: 1 })
  const ledger = openTransfers(postgres, systemClock)
  try {
    await ledger.fund(fundingOf(2, 100))
    proxy.dropNext()
    expect(await ledger.post({ reference: 'transfer:0', from: 0, to: 1, amount: 101 })).toBe('refused')
    expect(proxy.dropped()).toBe(0)
    expect(await ledger.post({ reference: 'transfer:1', from: 0, to: 1, amount: 100 })).toBe('found posted')
    expect(proxy.dropped()).toBe(1)
  } finally {
    await postgres.stop()
    await proxy.stop()
    await database.drop()
  }
})
