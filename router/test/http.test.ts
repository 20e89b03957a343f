import { Unavailable } from '@pasar/shared/problems'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

const shop = 'https://shop.example'

describe('the router over HTTP', () => {
  let market: TestMarket
  let isReady = true
  let checks = 0
  beforeAll(async () => {
    const playground = {
      method: 'GET',
      path: '/graphql',
      handle: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: 'playground' }),
    } as const
    const simulator = {
      method: 'POST',
      path: '/simulators/:name/notify',
      handle: ({ parameters }: { parameters: object }) => ({ status: 200, body: JSON.stringify(parameters) }),
    } as const
    const broken = {
      method: 'GET',
      path: '/simulators/broken',
      handle: () => {
        throw new Error('broken')
      },
    } as const
    const ready = async () => {
      checks += 1
      if (!isReady) throw new Error('orders has no database')
    }
    market = await startTestMarket({
      env: { CORS_ORIGINS: shop },
      mount: { routes: [playground, simulator, broken], ready },
      verifyAccessToken: () => Promise.reject(new Unavailable('keys')),
    })
  })
  afterAll(() => market.stop())

  const send = (init: RequestInit & { path?: string }) =>
    fetch(`${market.url}${init.path ?? '/graphql'}`, { method: 'POST', ...init })
  const body = JSON.stringify({ query: '{ echo(text: "halo") }' })
  const json = { 'content-type': 'application/json' }

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json; charset=utf-7'],
    [`application/json; charset=${'x'.repeat(60_000).slice(0, 10_000)}`],
    ['application/graphql'],
  ])('refuses an operation that a page of another site could send without asking: %s', async (type) => {
    market.fetches.length = 0
    const response = await send({ headers: { 'content-type': type }, body })
    expect(response.status).toBe(415)
    expect(market.fetches).toEqual([])
  })

  it('refuses a body without a content type', async () => {
    expect((await send({ body: new Blob([body]) })).status).toBe(415)
  })

  it.each([
    ['{', 400],
    ['[]', 400],
    [`[${body}]`, 400],
    ['{}', 400],
    ['{"query":1}', 400],
    ['{"query":"{ echo }","variables":[]}', 400],
    [JSON.stringify({ query: `{ echo } #${'x'.repeat(300_000)}` }), 413],
  ])('refuses %.40s as no operation', async (text, status) => {
    const response = await send({ headers: json, body: text })
    expect(response.status).toBe(status)
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
    expect(errors[0]?.extensions.code).toMatch(/BAD_/)
  })

  it.each([
    ['application/json', '{ echo', 200, 'application/json'],
    ['application/json', '{ echo }', 200, 'application/json'],
    ['*/*', '{ echo', 200, 'application/json'],
    ['application/graphql-response+json', '{ echo', 400, 'application/graphql-response+json'],
    ['application/graphql-response+json', '{ nothing }', 400, 'application/graphql-response+json'],
    ['application/graphql-response+json', '{ echo }', 200, 'application/graphql-response+json'],
    ['application/graphql-response+json', '{ broken }', 200, 'application/graphql-response+json'],
    ['application/graphql-response+json, application/json;q=0.9', '{ ledger }', 401, 'application/graphql-response+json'],
    ['application/json, application/graphql-response+json;q=0.9', '{ ledger }', 200, 'application/json'],
  ])('to %s answers %s with %i', async (...[accept, query, status, type]) => {
    const response = await send({ headers: { ...json, accept }, body: JSON.stringify({ query }) })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('has nothing for a client that wants neither', async () => {
    expect((await send({ headers: { ...json, accept: 'image/png' }, body })).status).toBe(406)
  })

  it('shows people the playground and runs nothing by GET', async () => {
    const page = await send({ method: 'GET', headers: { accept: 'text/html,*/*;q=0.8' } })
    expect(await page.text()).toBe('playground')
    const query = await send({
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent('{ echo }')}`,
      headers: { accept: 'application/json' },
    })
    expect([query.status, query.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })

  it('serves what is mounted beside the graph', async () => {
    expect(await (await send({ path: '/simulators/courier/notify' })).json()).toEqual({ name: 'courier' })
    expect((await send({ path: '/nothing' })).status).toBe(404)
    const put = await send({ method: 'PUT', headers: json, body })
    expect([put.status, put.headers.get('allow')?.split(', ')]).toEqual([405, expect.arrayContaining(['GET', 'POST'])])
  })

  it('says whether it lives and whether all parts of the market are ready', async () => {
    const status = async (path: string) => (await send({ method: 'GET', path })).status
    expect([await status('/health'), await status('/ready')]).toEqual([200, 200])
    isReady = false
    market.clock.advance(1_000)
    expect([await status('/health'), await status('/ready')]).toEqual([200, 503])
  })

  it('looks once a second whether they are ready, however many ask', async () => {
    market.clock.advance(1_000)
    isReady = true
    checks = 0
    const ask = async () => (await send({ method: 'GET', path: '/ready' })).status
    expect(new Set(await Promise.all(Array.from({ length: 50 }, ask)))).toEqual(new Set([200]))
    market.clock.advance(999)
    expect([await ask(), checks]).toEqual([200, 1])
    market.clock.advance(1)
    expect([await ask(), checks]).toEqual([200, 2])
  })

  it('lets pages of listed origins say which client they were built with', async () => {
    const asked = 'apollographql-client-name, apollographql-client-version'
    const headers = { origin: shop, 'access-control-request-method': 'POST', 'access-control-request-headers': asked }
    const answer = await send({ method: 'OPTIONS', headers })
    const allowed = answer.headers.get('access-control-allow-headers')?.split(', ')
    expect(allowed).toEqual(expect.arrayContaining([...asked.split(', '), 'apollo-require-preflight']))
  })

  it('lets pages of listed origins call it, and no others', async () => {
    const preflight = (origin: string) =>
      send({ method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
    const allowed = await preflight(shop)
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, shop])
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization')
    const other = await preflight('https://shop.example.evil')
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
    const answer = await send({ headers: { ...json, origin: shop }, body })
    expect([answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]).toEqual([shop, 'Origin'])
    expect(answer.headers.get('access-control-expose-headers')).toBe('x-request-id, retry-after, date')
    expect(Date.parse(answer.headers.get('date') ?? '')).not.toBeNaN()
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it.each<[number, string, Omit<RequestInit, 'headers'> & { path?: string; headers?: Record<string, string> }]>([
    [400, 'no operation', { headers: json, body: '{' }],
    [404, 'nothing there', { path: '/nothing' }],
    [405, 'another method', { method: 'PUT', headers: json, body }],
    [406, 'nothing that it wants', { headers: { ...json, accept: 'image/png' }, body }],
    [413, 'too much', { headers: json, body: JSON.stringify({ query: `{ echo } #${'x'.repeat(300_000)}` }) }],
    [415, 'another type', { headers: { 'content-type': 'text/plain' }, body }],
    [500, 'what is broken', { method: 'GET', path: '/simulators/broken' }],
    [503, 'who is signed in while the keys cannot be read', { headers: { ...json, authorization: 'Bearer t' }, body }],
  ])('tells a page of a listed origin, and no other, of %i: %s', async (status, _, init) => {
    const from = (origin: string) => send({ ...init, headers: { ...init.headers, origin } })
    const answer = await from(shop)
    expect([answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]).toEqual([
      status,
      shop,
      'Origin',
    ])
    expect((await from('https://shop.example.evil')).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('closes after the answer to what is in flight', async () => {
    const own = await startTestMarket()
    expect((await own.post('{ echo }')).status).toBe(200)
    await own.stop()
    await expect(own.post('{ echo }')).rejects.toThrow()
  })
})
