import { localTransport } from '@pasar/shared/process/addresses'
import type { Log } from '@pasar/shared/log'
import { Unavailable } from '@pasar/shared/problems'
import type { SubgraphTransport } from '@pasar/shared/http/transport'
import type { ExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import { liveClient } from './support/live-client.ts'
import { startTestMarket, type TestMarketOptions } from './support/test-market.ts'

/** A market whose products subgraph answers every fetch of entities with these. */
const withEntities = (entities: readonly unknown[], errors?: readonly object[]): TestMarketOptions => ({
  transport: (subgraph): SubgraphTransport =>
    subgraph.name === 'products'
      ? {
          execute: async () =>
            ({ data: { _entities: structuredClone(entities) }, ...(errors && { errors }) }) as unknown as ExecutionResult,
          subscribe: () => Promise.reject(new Unavailable('nobody')),
          stop: async () => undefined,
        }
      : localTransport(() => subgraph),
})

async function ask(query: string, options: TestMarketOptions = {}) {
  const market = await startTestMarket(options)
  const { data, errors } = await market.post(query, { token: await market.token() })
  await market.stop()
  return { data, codes: errors?.map(({ extensions }) => extensions['code']), paths: errors?.map(({ path }) => path?.join('.')) }
}

describe('a reference to what is no longer there', () => {
  it('is null without an error where it may be null, and the log says so for developers', async () => {
    const debug: object[] = []
    const quiet = () => undefined
    const log: Log = { debug: (details) => void debug.push(details), info: quiet, warn: quiet, error: quiet }
    const query = '{ order(id: "1") { status gift { name weight } } }'
    expect(await ask(query, { log })).toEqual({ data: { order: { status: 'NEW', gift: null } } })
    expect(debug).toContainEqual(expect.objectContaining({ path: ['order', 'gift'] }))
  })

  it('is null in a list too, beside what is there, under any alias', async () => {
    expect(await ask('{ o: order(id: "1") { upc: gifts { upc: name } } }')).toEqual({
      data: { o: { upc: [{ upc: 'name of p1' }, null] } },
    })
  })

  it('is null to a field of another subgraph that requires something of it', async () => {
    expect(await ask('{ order(id: "1") { wrapping wrappings } }')).toEqual({
      data: { order: { wrapping: ['nothing'], wrappings: ['100 g', 'nothing'] } },
    })
  })

  it('is an error where none may be null', async () => {
    expect(await ask('{ order(id: "1") { products { name } } }', withEntities([null, null]))).toEqual({
      data: { order: null },
      codes: ['INTERNAL_SERVER_ERROR'],
      paths: ['order.products.0'],
    })
  })

  it('is an error when the subgraph failed to find it', async () => {
    const failed = { message: 'Counting', path: ['_entities', 0], extensions: { code: 'CONFLICT' } }
    const { data, codes } = await ask('{ order(id: "1") { gift { name } } }', withEntities([null], [failed]))
    expect({ data, codes }).toEqual({ data: { order: { gift: null } }, codes: ['CONFLICT'] })
  })

  it('does not hide that another entity of the list is there but broken', async () => {
    const { data, codes } = await ask(
      '{ order(id: "1") { gifts { name } } }',
      withEntities([{ __typename: 'Product', name: null }, null]),
    )
    expect({ data, codes }).toEqual({
      data: { order: { gifts: [null, null] } },
      codes: ['INTERNAL_SERVER_ERROR'],
    })
  })

  it('is null without an error in live frames, each judged by itself', async () => {
    const entities: unknown[] = [null]
    const market = await startTestMarket(withEntities(entities))
    const client = liveClient(market.url, { authorization: `Bearer ${await market.token()}` })
    const stream = client.open({ query: 'subscription { orderUpdated(id: "1") { id gift { name } } }', variables: {} })
    await expect.poll(() => market.news.count('order 1')).toBe(1)
    const tell = () => market.news.tell('order 1', { id: '1', status: 'PAID', products: [], gift: { upc: 'p1' } })
    tell()
    expect(await stream.next()).toEqual({ data: { orderUpdated: { id: '1', gift: null } } })
    entities[0] = { __typename: 'Product', name: null }
    tell()
    const broken = await stream.next()
    expect(broken.data).toEqual({ orderUpdated: { id: '1', gift: null } })
    expect(broken.errors?.map(({ path }) => path?.join('.'))).toEqual(['orderUpdated.gift.name'])
    await client.dispose()
    await market.stop()
  })
})
