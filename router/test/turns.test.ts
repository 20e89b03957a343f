import { guest } from '@pasar/shared/viewer'
import { describe, expect, it } from 'vitest'
import { openTurns } from '../src/operation/turns.ts'
import { startTestMarket } from './support/test-market.ts'

const newOnes = 40

describe('operations that are new to the router', () => {
  it('are planned one at a time, and hold up nobody whose operation is known', async () => {
    const market = await startTestMarket()
    const known = '{ products { upc name } }'
    await market.post(known)
    const ended: string[] = []
    const ask = async (query: string, requestId: string) => {
      await market.router.execute({ query }, { viewer: guest, locale: 'id', requestId })
      ended.push(requestId)
    }
    const asked = Array.from({ length: newOnes }, (_, index) => ask(`{ products { upc name${index}: name } }`, `new ${index}`))
    await Promise.all([...asked, ask(known, 'known')])
    // It asks subgraphs, too, and takes a few turns for that.
    expect(ended.indexOf('known')).toBeLessThan(newOnes / 2)
    await market.stop()
  })

  it('are planned also after one that could not be', async () => {
    const inTurn = openTurns()
    const failing = inTurn(() => {
      throw new Error('no plan')
    })
    await expect(failing).rejects.toThrow('no plan')
    expect(await inTurn(() => 'planned')).toBe('planned')
  })
})
