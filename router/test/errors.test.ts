import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { localTransport } from '@pasar/shared/process/addresses'
import type { Log } from '@pasar/shared/log'
import { Unavailable } from '@pasar/shared/problems'
import { serveSubgraph } from '@pasar/shared/subgraph/server'
import { openLog } from '@pasar/shared/log'
import { httpTransport, type SubgraphTransport } from '@pasar/shared/http/transport'
import type { ExecutionResult } from 'graphql'
import { describe, expect, it } from 'vitest'
import { startTestMarket } from './support/test-market.ts'

const codes = (errors: readonly { extensions: Record<string, unknown> }[] | undefined) =>
  errors?.map(({ extensions }) => extensions['code'])

const english = { 'accept-language': 'en' }

/** A way to a subgraph that answers as a test says. */
const answering = (execute: () => Promise<ExecutionResult>): SubgraphTransport => ({
  execute,
  subscribe: () => Promise.reject(new Unavailable('nobody')),
  stop: async () => undefined,
})

describe('errors on their way to a client', () => {
  it('say nothing of what went wrong inside, and the log says all under the same request id', async () => {
    const entries: object[] = []
    const note = (details: object) => void entries.push(details)
    const log: Log = { debug: note, info: note, warn: note, error: note }
    const market = await startTestMarket({ log })
    const { data, errors } = await market.post('{ broken echo(text: "halo") }', { headers: english })
    expect(data).toEqual({ broken: null, echo: 'halo' })
    const requestId = errors?.[0]?.extensions['requestId']
    expect(errors).toEqual([
      { message: 'Internal server error', path: ['broken'], extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } },
    ])
    expect(entries).toContainEqual(expect.objectContaining({ requestId, path: ['broken'] }))
    await market.stop()
  })

  it('keep known codes and their paths, also inside entities', async () => {
    const market = await startTestMarket()
    const { data, errors } = await market.post('{ newest { secret products { upc stock } } }', { token: await market.token() })
    expect(data).toMatchObject({
      newest: [
        {
          secret: null,
          products: [
            { upc: 'p1', stock: null },
            { upc: 'p2', stock: null },
          ],
        },
        {},
        {},
      ],
    })
    expect(new Set(codes(errors))).toEqual(new Set(['CONFLICT']))
    const paths = errors?.map(({ path }) => path?.join('.'))
    expect(paths).toContain('newest.0.secret')
    expect(paths).toContain('newest.0.products.0.stock')
    expect(paths).toContain('newest.2.products.0.stock')
    expect(JSON.stringify(errors)).not.toMatch(/serviceName|"orders"|"products"[^,]*:/)
    await market.stop()
  })

  it('tell of a null where none may be', async () => {
    const market = await startTestMarket({
      transport: (subgraph) =>
        subgraph.name === 'orders'
          ? answering(async () => ({ data: { promised: { kept: null } } }))
          : localTransport(() => subgraph),
    })
    const { data, errors } = await market.post('{ promised { kept } }')
    expect({ data, codes: codes(errors) }).toEqual({ data: { promised: null }, codes: ['INTERNAL_SERVER_ERROR'] })
    await market.stop()
  })

  it('leave the rest of an answer when a subgraph does not answer, and name each missing field', async () => {
    const lost = answering(() => Promise.reject(new Unavailable('logistics')))
    const market = await startTestMarket({
      transport: (subgraph) => (subgraph.name === 'logistics' ? lost : localTransport(() => subgraph)),
    })
    const { data, errors } = await market.post('{ products { name shippingCost } }', { headers: english })
    expect(data).toEqual({
      products: [
        { name: 'name of p1', shippingCost: null },
        { name: 'name of p2', shippingCost: null },
      ],
    })
    expect(errors?.map(({ path }) => path)).toEqual([
      ['products', 0],
      ['products', 1],
    ])
    expect(errors?.[0]).toMatchObject({
      message: 'A part of the market does not answer right now',
      extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true },
    })
    const whole = await market.post('{ couriers }')
    expect({ data: whole.data, path: whole.errors?.[0]?.path, code: codes(whole.errors) }).toEqual({
      data: null,
      path: ['couriers'],
      code: ['SERVICE_UNAVAILABLE'],
    })
    expect(JSON.stringify([errors, whole.errors])).not.toContain('logistics')
    await market.stop()
  })

  it('carry no address, name or body of a subgraph, whatever it says', async () => {
    const gossip = { url: 'http://orders.internal:4001', body: '<html>nginx</html>', status: 502 }
    const told = {
      message: 'Sold out',
      extensions: {
        code: 'CONFLICT',
        serviceName: 'orders',
        response: gossip,
        exception: { stacktrace: ['at /srv'] },
        sku: 'A1',
      },
    }
    const market = await startTestMarket({
      transport: () =>
        answering(
          async () => ({ data: { echo: null }, errors: [told, { message: 'at /srv/app.ts' }] }) as unknown as ExecutionResult,
        ),
    })
    const { errors } = await market.post('{ echo }')
    expect(errors?.[0]).toEqual({ message: 'Sold out', extensions: { code: 'CONFLICT', sku: 'A1' } })
    expect(JSON.stringify(errors)).not.toMatch(/internal:|nginx|srv|orders/)
    await market.stop()
  })

  it('keep hostile names in a subgraph’s answer out of the process', async () => {
    const data = JSON.parse('{"echo":"x","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}') as Record<
      string,
      unknown
    >
    const market = await startTestMarket({ transport: () => answering(async () => ({ data })) })
    expect((await market.post('{ echo }')).data).toEqual({ echo: 'x' })
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
    await market.stop()
  })
})

describe('a fleet over HTTP', () => {
  it('answers as one process does, and says which part is missing when one is gone', async () => {
    const stops: Record<string, () => Promise<void>> = {}
    const market = await startTestMarket({
      transport: async (subgraph) => {
        const server = await serveSubgraph(subgraph, { host: '127.0.0.1', port: 0, log: openLog('silent', subgraph.name) })
        stops[subgraph.name] = () => server.stop()
        return httpTransport(subgraph.name, `http://127.0.0.1:${server.port}`)
      },
    })
    const query = '{ products { upc: name shippingCost } }'
    const { data, errors } = await market.post(query)
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      products: [
        { upc: 'name of p1', shippingCost: 1000 },
        { upc: 'name of p2', shippingCost: 2000 },
      ],
    })
    await market.transports['logistics']?.stop()
    await stops['logistics']?.()
    const partial = await market.post(query)
    expect(partial.data).toEqual({
      products: [
        { upc: 'name of p1', shippingCost: null },
        { upc: 'name of p2', shippingCost: null },
      ],
    })
    expect(codes(partial.errors)).toEqual(['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE'])
    await market.stop()
    await Promise.all(Object.values(market.transports).map((transport) => transport.stop().catch(() => undefined)))
    await Promise.all(Object.values(stops).map((stop) => stop().catch(() => undefined)))
  })

  it('takes a subgraph that answers with a page for one that does not answer', async () => {
    const proxy = createServer(
      (_, response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>nginx</html>'),
    )
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve))
    const transport = httpTransport('orders', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
    const market = await startTestMarket({ transport: () => transport })
    const { data, errors } = await market.post('{ echo }')
    expect({ data, codes: codes(errors) }).toEqual({ data: { echo: null }, codes: ['SERVICE_UNAVAILABLE'] })
    await market.stop()
    await transport.stop()
    proxy.close()
  })
})
