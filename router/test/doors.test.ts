import { localTransport } from '@pasar/shared/process/addresses'
import { identityHeaders } from '@pasar/shared/identity/signature'
import { openLog } from '@pasar/shared/log'
import type { Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { serveSubgraph } from '@pasar/shared/subgraph/server'
import { httpTransport, type SubgraphTransport } from '@pasar/shared/http/transport'
import { describe, expect, it } from 'vitest'
import { liveClient } from './support/live-client.ts'
import { startTestMarket } from './support/test-market.ts'

type Headers = Readonly<Record<string, string>>

/** The same way to a subgraph, with another signature on whatever goes along it. */
const forging = (way: SubgraphTransport): SubgraphTransport => {
  const forged = (headers: Headers) => ({ ...headers, [identityHeaders.signature]: 't=1, n=1, v=AAAA' })
  return {
    ...way,
    execute: ({ headers, body }) => way.execute({ headers: forged(headers), body }),
    subscribe: ({ headers, payload }) => way.subscribe({ headers: forged(headers), payload }),
  }
}

const inProcess = (subgraph: Subgraph) => ({ way: localTransport(() => subgraph), stop: async () => undefined })
const overSockets = async (subgraph: Subgraph) => {
  const server = await serveSubgraph(subgraph, { host: '127.0.0.1', port: 0, log: openLog('silent', subgraph.name) })
  return { way: httpTransport(subgraph.name, `http://127.0.0.1:${server.port}`), stop: () => server.stop() }
}

describe.each([
  ['in one process', inProcess],
  ['over sockets', overSockets],
] as const)('a subgraph that does not believe the router, %s', (_, open) => {
  it('is our fault: who follows something is told to come again, and nothing of signing in', async () => {
    const stops: (() => Promise<void>)[] = []
    const market = await startTestMarket({
      transport: async (subgraph) => {
        const { way, stop } = await open(subgraph)
        stops.push(() => way.stop(), stop)
        return subgraph.name === 'orders' ? forging(way) : way
      },
    })
    const client = liveClient(market.url, { authorization: `Bearer ${await market.token()}` })
    const stream = client.open({ query: 'subscription { orderUpdated(id: "1") { status } }' })
    const ended = (await stream.ended) as readonly { readonly message: string; readonly extensions: object }[]
    expect(ended).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: true } }])
    expect(JSON.stringify(ended)).not.toMatch(/sign|UNAUTHENTICATED|orders/i)
    await client.dispose()
    await market.stop()
    for (const stop of stops) await stop()
  })
})

it('a subgraph over sockets is asked for as many entities at once as one answer may lead to', async () => {
  const stops: (() => Promise<void>)[] = []
  const upcs = Array.from({ length: 5_000 }, (_, index) => `a product of the market ${index}`.padEnd(50, '.'))
  const newest = [{ products: upcs.map((upc) => ({ __typename: 'Product', upc })) }]
  const market = await startTestMarket({
    transport: async (subgraph) => {
      const { way, stop } = await overSockets(subgraph)
      stops.push(() => way.stop(), stop)
      return subgraph.name === 'orders' ? { ...way, execute: async () => ({ data: { newest } }) } : way
    },
  })
  const { data, errors } = await market.post('{ newest { products { name } } }', { token: await market.token() })
  expect(errors).toBeUndefined()
  expect(data).toEqual({ newest: [{ products: upcs.map((upc) => ({ name: `name of ${upc}` })) }] })
  await market.stop()
  for (const stop of stops) await stop()
})
