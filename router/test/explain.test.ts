import { describe, expect, it } from 'vitest'
import { startTestMarket } from './support/test-market.ts'

const query = '{ products { name shippingCost } }'

describe('an explanation of an operation', () => {
  it('tells a developer plan, fetches and times', async () => {
    const market = await startTestMarket({ env: { EXPLAIN_TOKEN: 'rahasia' } })
    const answer = await market.post(query, { headers: { 'x-pasar-explain': 'rahasia' } })
    const { explain } = answer.extensions as { explain: { plan: string; ms: number; fetches: Record<string, unknown>[] } }
    expect(explain.plan).toContain('Fetch(service: "logistics")')
    expect(explain.fetches.map(({ subgraph, failed }) => ({ subgraph, failed }))).toEqual([
      { subgraph: 'products', failed: false },
      { subgraph: 'logistics', failed: false },
    ])
    expect(explain.ms).toBeGreaterThan(0)
    await market.stop()
  })

  it('is for nobody else: not without the token, not with another, not where none is set', async () => {
    const guarded = await startTestMarket({ env: { EXPLAIN_TOKEN: 'rahasia' } })
    const open = await startTestMarket()
    const asked = [
      guarded.post(query),
      guarded.post(query, { headers: { 'x-pasar-explain': 'tebakan' } }),
      guarded.post(query, { headers: { 'x-pasar-explain': '' } }),
      open.post(query, { headers: { 'x-pasar-explain': '' } }),
    ]
    for (const answer of await Promise.all(asked)) expect(answer.extensions).toBeUndefined()
    await guarded.stop()
    await open.stop()
  })
})
