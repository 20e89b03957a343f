import { freshDatabase } from '@pasar/shared/testing/database'
import { expect, it } from 'vitest'
import { proveAfter } from '../src/prove/webhooks/after/prove.ts'
import { provePayments } from '../src/prove/webhooks/prove.ts'

const quietly = { seed: 7, say: () => undefined }

it('has no effect twice, takes nothing forged and heeds nothing out of date, however notifications of both providers arrive', async () => {
  const database = await freshDatabase('payments')
  try {
    const summary = await provePayments({ databaseUrl: database.url, notifications: 200, ...quietly })
    expect(summary).toMatchObject({
      ok: true,
      handed: { duplicated: 20, superseded: 10, forged: 4 },
      forgedTaken: 0,
      supersededWithEffect: 0,
      wrongAnswers: 0,
      wronglyLogged: 0,
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

it('gives, loses and takes nothing twice when payments are refunded and charged back and shops take their money out, however that is told', async () => {
  const database = await freshDatabase('payments')
  try {
    const summary = await proveAfter({ databaseUrl: database.url, lives: 56, ...quietly })
    expect(summary).toMatchObject({
      ok: true,
      lives: 56,
      neverCame: [],
      forgedTaken: 0,
      supersededWithEffect: 0,
      wrongAnswers: 0,
      wrongBooks: 0,
      moneyTwice: 0,
      moneyMissing: 0,
      doubleEffects: 0,
      notAtAnEnd: 0,
      wrongStates: 0,
      paidAndPutBack: 0,
      unasked: 0,
      brokenInvariants: 0,
      ledgerSum: 0,
    })
  } finally {
    await database.drop()
  }
})
