import { localTransport } from '@pasar/shared/process/addresses'
import type { SubgraphTransport } from '@pasar/shared/http/transport'
import { guest } from '@pasar/shared/identity/viewer'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../src/subgraph/send.ts'
import { liveClient } from './support/live-client.ts'
import { startTestMarket } from './support/test-market.ts'

/** A market of which one subgraph answers queries only when the test lets it. */
async function slowMarket(slow = 'orders') {
  const waiting: (() => void)[] = []
  const market = await startTestMarket({
    transport: (subgraph): SubgraphTransport => {
      const way = localTransport(() => subgraph)
      if (subgraph.name !== slow) return way
      const execute: SubgraphTransport['execute'] = async (request) => {
        if (!request.body.includes('mutation')) await new Promise<void>((resolve) => waiting.push(resolve))
        return way.execute(request)
      }
      return { ...way, execute }
    },
  })
  const arrived = (count: number) => expect.poll(() => waiting.length).toBe(count)
  return { market, arrived, release: () => waiting.forEach((go) => go()) }
}

const whoAsks = '{ whoAsks }'

describe('identical queries at the same time', () => {
  it('are one query for the same viewer, and each gets the answer', async () => {
    const { market, arrived, release } = await slowMarket()
    const caller = (requestId: string): Caller => ({ viewer: guest, locale: 'id', requestId })
    // Not over HTTP: two requests on two connections may come in any order and at any time.
    const answers = ['1', '2', '3'].map((requestId) => market.router.execute({ query: whoAsks }, caller(requestId)))
    await arrived(1)
    release()
    expect((await Promise.all(answers)).map(({ data }) => data)).toEqual(Array(3).fill('{"whoAsks":"guest in id"}'))
    expect(market.fetches).toHaveLength(1)
    await market.stop()
  })

  it('stay apart for different viewers, languages and variables', async () => {
    const { market, arrived, release } = await slowMarket()
    const token = await market.token()
    const echo = 'query ($text: String) { echo(text: $text) }'
    const answers = [
      market.post(whoAsks),
      market.post(whoAsks, { token }),
      market.post(whoAsks, { headers: { 'accept-language': 'en' } }),
      market.post(echo, { variables: { text: 'satu' } }),
      market.post(echo, { variables: { text: 'dua' } }),
    ]
    await arrived(5)
    release()
    expect((await Promise.all(answers)).map(({ data }) => Object.values(data ?? {})[0])).toEqual([
      'guest in id',
      'usr_budi in id',
      'guest in en',
      'satu',
      'dua',
    ])
    await market.stop()
  })

  it('do not let who has just changed something see what was before', async () => {
    const { market, arrived, release } = await slowMarket()
    const token = await market.token()
    const before = market.post(whoAsks, { token })
    await arrived(1)
    await market.post('mutation { note(text: "baru") }', { token })
    const after = market.post(whoAsks, { token })
    await arrived(2)
    release()
    await Promise.all([before, after])
    await market.stop()
  })

  it('do not let who has just changed something see what was before in another language either', async () => {
    const { market, arrived, release } = await slowMarket()
    const token = await market.token()
    const before = market.post(whoAsks, { token })
    await arrived(1)
    await market.post('mutation { note(text: "baru") }', { token, headers: { 'accept-language': 'en' } })
    const after = market.post(whoAsks, { token })
    await arrived(2)
    release()
    await Promise.all([before, after])
    await market.stop()
  })

  it('do not let who was just told of a change see what was before', async () => {
    const { market, arrived, release } = await slowMarket('products')
    const token = await market.token()
    const client = liveClient(market.url, { authorization: `Bearer ${token}` })
    const told = client.open({ query: 'subscription { orderUpdated(id: "1") { status } }' })
    await expect.poll(() => market.news.count('order 1')).toBe(1)
    const ask = async (requestId: string) => {
      const query = '{ order(id: "1") { requestId products { name } } }'
      return (await market.post(query, { token, headers: { 'x-request-id': requestId } })).data?.['order']
    }
    const ids = ['1', '2'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`)
    const before = ask(ids[0]!)
    await arrived(1)
    market.news.tell('order 1', { id: '1', status: 'PAID' })
    expect(await told.next()).toEqual({ data: { orderUpdated: { status: 'PAID' } } })
    const after = ask(ids[1]!)
    await arrived(2)
    release()
    expect(await Promise.all([before, after])).toMatchObject(ids.map((requestId) => ({ requestId })))
    await client.dispose()
    await market.stop()
  })
})
