import { guest } from '@pasar/shared/identity/viewer'
import { describe, expect, it } from 'vitest'
import { composeTestMarket, startTestMarket } from './support/test-market.ts'
import { testMarketSdl } from './support/test-market-sdl.ts'

/** The test market's supergraph after a change of the orders subgraph. */
const changed = (from: string, to: string) =>
  composeTestMarket({ ...testMarketSdl, orders: testMarketSdl.orders.replace(from, to) })

const caller = { viewer: guest, locale: 'id' as const, requestId: 'r1' }

describe('a supergraph that is replaced while the router runs', () => {
  it('is asked from the next operation on', async () => {
    const market = await startTestMarket()
    expect((await market.post('{ echo(text: "lama") }')).data).toEqual({ echo: 'lama' })
    await market.router.replace(
      changed('echo(text: String): String @public', 'echo(text: String): String @public echoAgain: String @public'),
    )
    expect((await market.post('{ echo(text: "baru") __type(name: "Query") { name } }')).data).toEqual({
      echo: 'baru',
      __type: { name: 'Query' },
    })
    expect((await market.post('{ echoAgain }')).errors?.[0]?.extensions['code']).not.toBe('GRAPHQL_VALIDATION_FAILED')
    await market.stop()
  })

  it('lets what began with the one before end with it', async () => {
    const market = await startTestMarket()
    const admitted = market.router.admit({ query: '{ echo(text: "halo") }' }, caller)
    if ('errors' in admitted) throw admitted.errors[0]!
    await market.router.replace(changed('echo(text: String): String @public', ''))
    expect(await market.router.run(admitted, caller)).toEqual({ data: '{"echo":"halo"}' })
    expect((await market.post('{ echo(text: "halo") }')).errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED')
    await market.stop()
  })

  it('is refused when it cannot be loaded or leaves a root field open, and the one before goes on', async () => {
    const market = await startTestMarket()
    const { full } = composeTestMarket()
    await expect(market.router.replace({ full, gateway: 'type Query {' })).rejects.toThrow()
    const open = changed('echo(text: String): String @public', 'echo(text: String): String @public bare: String')
    await expect(market.router.replace(open)).rejects.toThrow('who may select Query.bare')
    expect((await market.post('{ echo(text: "tetap") }')).data).toEqual({ echo: 'tetap' })
    await market.stop()
  })
})
