import { localTransport } from '@pasar/shared/process/addresses'
import type { SubgraphTransport } from '@pasar/shared/http/transport'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routerLimits } from '../src/safety/limits.ts'
import { liveClient } from './support/live-client.ts'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

const many = 2_000
/** So many of them are longer than an answer may be. */
const name = 'x'.repeat(10_000)
const products = Array.from({ length: many }, (_, index) => ({ upc: `p${index}`, name }))

describe('an answer in which a long text stands in many places', () => {
  let market: TestMarket
  beforeAll(async () => {
    const execute = async ({ body }: { readonly body: string }) => ({
      data: body.includes('_entities') ? { _entities: [{ name }] } : { products },
    })
    const pay = async () => ({
      data: { pay: { products: Array.from({ length: many }, () => ({ __typename: 'Product', upc: 'p1' })) } },
    })
    const ways: Readonly<Record<string, Partial<SubgraphTransport>>> = { products: { execute }, orders: { execute: pay } }
    market = await startTestMarket({
      transport: (subgraph) => ({ ...localTransport(() => subgraph), ...ways[subgraph.name] }),
    })
  })
  afterAll(() => market.stop())

  const refused = [{ extensions: { code: 'BAD_USER_INPUT', limit: 'answerCharacters', max: routerLimits.answerCharactersMax } }]

  it('is refused before it fills the process', async () => {
    expect(await market.post('{ products { upc name } }')).toMatchObject({ data: null, errors: refused })
  })

  it('is refused of a mutation as what was done all the same', async () => {
    const { data, errors } = await market.post('mutation { pay(id: "1") { products { name } } }', { token: await market.token() })
    expect([data, errors]).toMatchObject([null, [{ extensions: { ...refused[0]!.extensions, effectStays: true } }]])
    expect(errors![0]!.message).toContain('Yang sudah dijalankan tidak dibatalkan')
  })

  it('is refused as a frame, too, and the stream goes on', async () => {
    const client = liveClient(market.url, { authorization: `Bearer ${await market.token()}` })
    const stream = client.open({ query: 'subscription { orderUpdated(id: "1") { status products { name } } }' })
    await expect.poll(() => market.news.count('order 1')).toBe(1)
    const tell = (status: string, count: number) =>
      market.news.tell('order 1', { id: '1', status, products: Array.from({ length: count }, () => ({ upc: 'p1' })) })
    tell('PAID', many)
    expect(await stream.next()).toMatchObject({ data: null, errors: refused })
    tell('SHIPPED', 1)
    expect(await stream.next()).toEqual({ data: { orderUpdated: { status: 'SHIPPED', products: [{ name }] } } })
    await client.dispose()
  })
})

it('an answer tells of a thousand errors at most, in however many places what fails stands', async () => {
  const places = Array.from({ length: 3_000 }, () => ({ __typename: 'Product', upc: 'gone' }))
  const refused = { message: 'tidak ada', path: ['_entities', 0], extensions: { code: 'NOT_FOUND' } }
  const answers: Readonly<Record<string, object>> = {
    orders: { data: { newest: [{ products: places }] } },
    products: { data: { _entities: [null] }, errors: [refused] },
  }
  const market = await startTestMarket({
    transport: (subgraph) => ({ ...localTransport(() => subgraph), execute: async () => answers[subgraph.name] ?? {} }),
  })
  const { errors } = await market.post('{ newest { products { name } } }', { token: await market.token() })
  expect(errors).toHaveLength(1_000)
  expect(errors![999]).toMatchObject({ message: 'tidak ada', extensions: { code: 'NOT_FOUND' } })
  await market.stop()
})
