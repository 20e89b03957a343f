import { localTransport } from '@pasar/shared/process/addresses'
import { Unavailable } from '@pasar/shared/problems'
import type { SubgraphTransport } from '@pasar/shared/http/transport'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { liveClient } from './support/live-client.ts'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

const silent: SubgraphTransport = {
  execute: () => Promise.reject(new Unavailable('logistics')),
  subscribe: () => Promise.reject(new Unavailable('logistics')),
  stop: async () => undefined,
}

const aliases = `{ product(upc: "p1") { ${Array.from({ length: 31 }, (_, index) => `a${index}: name`).join(' ')} } }`

/** What somebody asks, under which code it fails, and what is said of it. */
const failures = [
  ['what only an account may see', '{ newest { id } }', 'UNAUTHENTICATED', 'Masuk dulu', 'Sign in first'],
  [
    'more than an operation may ask',
    aliases,
    'GRAPHQL_VALIDATION_FAILED',
    'Operasi punya terlalu banyak alias: dengan semua fragmen diuraikan, paling banyak 30',
    'The operation has too many aliases: with fragments written out at most 30 are allowed',
  ],
  [
    'a part that is gone',
    '{ couriers }',
    'SERVICE_UNAVAILABLE',
    'Bagian pasar ini sedang tidak menjawab',
    'A part of the market does not answer right now',
  ],
  ['what breaks inside', '{ broken }', 'INTERNAL_SERVER_ERROR', 'Terjadi kesalahan di pihak kami', 'Internal server error'],
  ['what a subgraph refuses', '{ product(upc: "p1") { stock } }', 'CONFLICT', 'Sedang dihitung', 'Counting'],
  [
    'what no program should send',
    '{ warung }',
    'GRAPHQL_VALIDATION_FAILED',
    'Cannot query field "warung" on type "Query".',
    'Cannot query field "warung" on type "Query".',
  ],
] as const

let market: TestMarket
beforeAll(async () => {
  market = await startTestMarket({
    transport: (subgraph) => (subgraph.name === 'logistics' ? silent : localTransport(() => subgraph)),
  })
})
afterAll(() => market.stop())

describe.each(['id', 'en'] as const)('whoever reads %s', (locale) => {
  const headers = { 'accept-language': locale }

  it.each(failures)('is told of it over HTTP: %s', async (...[, query, code, indonesian, english]) => {
    const { errors } = await market.post(query, { headers })
    expect(errors).toMatchObject([{ message: locale === 'id' ? indonesian : english, extensions: { code } }])
  })

  it.each(failures)('is told of it over a WebSocket: %s', async (...[, query, code, indonesian, english]) => {
    const client = liveClient(market.url, headers)
    const stream = client.open({ query })
    const errors = await Promise.race([stream.next().then((frame) => frame.errors), stream.ended])
    expect(errors).toMatchObject([{ message: locale === 'id' ? indonesian : english, extensions: { code } }])
    await client.dispose()
  })

  it('is told why a subscription is refused or lost', async () => {
    const client = liveClient(market.url, headers)
    expect(await client.open({ query: 'subscription { refusing }' }).ended).toMatchObject([
      { message: { id: 'Bukan pesanan Anda', en: 'Not your order' }[locale], extensions: { code: 'FORBIDDEN' } },
    ])
    const stream = client.open({ query: 'subscription { orderEvents { __typename } }' })
    await expect.poll(() => market.news.count('events')).toBe(1)
    market.news.break('events')
    const lost = {
      id: 'Sambungan langsung ke satu bagian pasar terputus: berlangganan lagi mulai dari kursor terakhir',
      en: 'The live connection to a part of the market was lost: subscribe again from the last cursor',
    }
    expect(await stream.ended).toMatchObject([{ message: lost[locale], extensions: { code: 'SUBSCRIPTION_UPSTREAM_LOST' } }])
    await client.dispose()
  })

  const post = async (init: RequestInit, path = '/graphql') => {
    const response = await fetch(`${market.url}${path}`, {
      method: 'POST',
      ...init,
      headers: { 'content-type': 'application/json', ...headers, ...(init.headers as Record<string, string>) },
    })
    const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] }
    return { status: response.status, message: errors[0]?.message, ...errors[0]?.extensions }
  }
  const body = JSON.stringify({ query: '{ echo }' })

  it.each([
    [{ body: '[]' }, 400, 'body: diharapkan objek JSON berisi query', 'body: expected a JSON object with a query'],
    [{ body, headers: { authorization: 'Basic x' } }, 401, /^Authorization: diharapkan/, /^Authorization: expected/],
    [{ body, headers: { authorization: 'Bearer x' } }, 401, /^Access token tidak berlaku/, /^The access token is not valid/],
    [{ method: 'GET' }, 405, /^Kirim operasi dengan POST; GET hanya/, /^Send operations by POST; GET only/],
    [{ body, headers: { accept: 'image/png' } }, 406, /^Jawaban berupa/, /^Answers are/],
    [{ body, headers: { 'content-type': 'text/plain' } }, 415, /^Kirim operasi sebagai/, /^Send the operation as/],
  ])('is told what is wrong with a request: %o', async (...[init, status, indonesian, english]) => {
    const answer = await post(init)
    expect(answer.status).toBe(status)
    expect(answer.message).toMatch(locale === 'id' ? indonesian : english)
  })

  it('is told that there is nothing', async () => {
    const message = { id: 'Tidak ada apa-apa di sini', en: 'There is nothing here' }[locale]
    expect(await post({ body }, '/nothing')).toEqual({ status: 404, message, code: 'NOT_FOUND' })
  })
})
