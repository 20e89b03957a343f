import { freshDatabase } from '@pasar/shared/testing/database'
import { expect, it } from 'vitest'
import { proveWebhooks } from '../src/prove/webhooks/prove.ts'

it('has no effect twice, takes nothing forged and heeds nothing out of date, however notifications of both providers arrive', async () => {
  const database = await freshDatabase('payments')
  try {
    const summary = await proveWebhooks({ databaseUrl: database.url, notifications: 200, seed: 7, say: () => undefined })
    expect(summary).toMatchObject({
      ok: true,
      handed: { duplicated: 20, superseded: 10, forged: 4 },
      forgedTaken: 0,
      supersededWithEffect: 0,
      wrongAnswers: 0,
      wrongEffects: 0,
      wrongStates: 0,
      unasked: 0,
      ledgerSum: 0,
      testVector: true,
    })
    expect(summary.handed.reordered).toBeGreaterThanOrEqual(20)
  } finally {
    await database.drop()
  }
})
