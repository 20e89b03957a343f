import { createHash } from 'node:crypto'
import { listen } from '@pasar/shared/http/server'
import { limits } from '@pasar/shared/limits'
import { openLog } from '@pasar/shared/log'
import { readSettings } from '@pasar/shared/process/settings'
import { guest } from '@pasar/shared/identity/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphqlRoutes } from '../../src/http/graphql-routes.ts'
import { openConnections } from '../../src/live/connections.ts'
import type { Router } from '../../src/router.ts'
import { mountRouter } from '../../src/serve.ts'
import { openSmallGraph } from '../cache/small-graph.ts'

const titles = 'query Titles($ids: [ID!]!) { products(ids: $ids) { title } }'
const shops = '{ shops(ids: ["1"]) { name } }'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const operations = [
  { id: 'titles', name: 'Titles', body: titles },
  { id: 'notes', name: '', body: '{ products(ids: ["1"]) { note } }' },
  { id: 'broken', name: '', body: '{ products(ids: ["1"]) { broken } }' },
  { id: 'touch', name: '', body: 'mutation { touch { title } }' },
]

let graph: Awaited<ReturnType<typeof openSmallGraph>>
let url: string
let stop: () => Promise<void>
beforeAll(async () => {
  graph = await openSmallGraph({ persisted: { mode: 'off', operations }, settings: readSettings({ EXPLAIN_TOKEN: 'rahasia' }) })
  const http = await listen({ host: '127.0.0.1', port: 0, log: openLog('silent', 'test') })
  const sockets = mountRouter(graph.router, http, { routes: [], ready: async () => undefined })
  url = `http://127.0.0.1:${http.port}/graphql`
  stop = async () => {
    await sockets.stop()
    await http.stop()
    await graph.stop()
  }
})
afterAll(() => stop())

const get = (parameters: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${url}?${new URLSearchParams(parameters).toString()}`, { headers })
const byId = { id: 'titles', variables: '{"ids":["1"]}' }

describe('a read by GET', () => {
  it('of what everyone may see may be kept for the time of its shortest-lived field', async () => {
    const response = await get(byId)
    expect(await response.json()).toEqual({ data: { products: [{ title: 'Kopi' }] } })
    expect(response.headers.get('cache-control')).toBe('public, max-age=30')
    expect(response.headers.get('vary')).toBe('Accept, Accept-Language, Authorization, Origin')
  })

  it('is not answered again while its answer is the same', async () => {
    const etag = (await get(byId)).headers.get('etag')!
    const same = await get(byId, { 'if-none-match': `"other", W/${etag}` })
    expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', etag])
    graph.shelf.titles['1'] = 'Kopi baru'
    graph.cache.invalidate(['Product 1'])
    const changed = await get(byId, { 'if-none-match': etag })
    expect([changed.status, await changed.json()]).toEqual([200, { data: { products: [{ title: 'Kopi baru' }] } }])
  })

  it('is nobody else’s with a token, with a field that is not marked, and with an error', async () => {
    const token = await get(byId, { authorization: 'Bearer x' })
    expect([token.headers.get('cache-control'), token.headers.has('etag')]).toEqual(['private, no-cache', true])
    for (const id of ['notes', 'broken']) {
      const response = await get({ id })
      expect([response.headers.get('cache-control'), response.headers.has('etag')]).toEqual(['private, no-store', false])
    }
  })

  it('is a developer’s alone with its explanation', async () => {
    const explained = await get(byId, { 'x-pasar-explain': 'rahasia' })
    expect([explained.headers.get('cache-control'), explained.headers.has('etag')]).toEqual(['private, no-store', false])
    expect(await explained.json()).toHaveProperty('extensions.explain.plan')
    const plain = await get(byId, { 'x-pasar-explain': 'tebakan' })
    expect(plain.headers.get('cache-control')).toBe('public, max-age=30')
    expect(await plain.json()).not.toHaveProperty('extensions')
  })

  it('runs nothing that is written out, unknown, or more than a query', async () => {
    expect((await get({ query: titles })).status).toBe(405)
    expect((await get({ ...byId, query: titles })).status).toBe(405)
    expect((await get({ id: 'touch' })).status).toBe(405)
    const unknown = await get({ id: 'gone' }, { accept: 'application/graphql-response+json' })
    expect([unknown.status, unknown.headers.get('cache-control')]).toEqual([400, 'private, no-store'])
    expect(await unknown.json()).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] })
    expect((await get({ extensions: '[]' })).status).toBe(400)
  })

  it('says which of its parts cannot be read', async () => {
    for (const text of ['zz', '[]']) {
      const wrong = await get({ ...byId, variables: text })
      expect([wrong.status, await wrong.json()]).toMatchObject([400, { errors: [{ extensions: { field: 'variables' } }] }])
    }
  })

  it('is told in the words of the protocol that its hash is not known, in whatever language', async () => {
    const asked = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: sha256('{ nobody }') } })
    const words = async (language: string) => (await get({ extensions: asked }, { 'accept-language': language })).json()
    const told = { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] }
    for (const language of ['id', 'en', 'fr']) expect(await words(language)).toMatchObject(told)
  })

  it('knows by its hash what came with its text by POST', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(shops) } }
    const post = (body: object) =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const codes = async (response: Response) =>
      ((await response.json()) as { errors?: { extensions: { code: string } }[] }).errors
    expect(await codes(await post({ extensions }))).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }])
    expect(await codes(await post({ query: titles, extensions }))).toMatchObject([
      { extensions: { code: 'PERSISTED_QUERY_HASH_MISMATCH' } },
    ])
    await post({ query: shops, extensions })
    expect(await (await post({ extensions })).json()).toEqual({ data: { shops: [{ name: 'Toko 1' }] } })
    expect(await (await get({ extensions: JSON.stringify(extensions) })).json()).toEqual({
      data: { shops: [{ name: 'Toko 1' }] },
    })
  })
})

it('a crowd of reads stands in one line with whoever posts, and begins a few at a time', async () => {
  let begun = 0
  const router: Router = {
    ...graph.router,
    admit(operation, caller) {
      begun += 1
      return graph.router.admit(operation, caller)
    },
    execute(operation, caller) {
      begun += 1
      return graph.router.execute(operation, caller)
    },
  }
  const connections = openConnections(router.options)
  const [post, read] = graphqlRoutes({ router, connections, playground: undefined })
  const common = { path: '/graphql', parameters: {}, headers: {}, body: '' }
  const crowd = Array.from({ length: 2 * limits.operationsPerTurnMax }, () =>
    read!.handle({ ...common, method: 'GET', url: '/graphql?id=titles&variables={"ids":["1"]}' }),
  )
  const last = post!.handle({
    ...common,
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ ping }' }),
  })
  await new Promise(setImmediate)
  expect(begun).toBe(2 * limits.operationsPerTurnMax)
  const answers = await Promise.all([...crowd, last])
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  connections.stop()
})

it('what the clients were built with stays ready, however long it is and whatever others send', async () => {
  const long = `{ ping ${' '.repeat(40_000)} }`
  const listed = [...operations, { id: 'long', name: '', body: long }]
  const { ask, router, stop: end } = await openSmallGraph({ persisted: { mode: 'off', operations: listed } })
  for (let index = 0; index < 20; index += 1) await ask(`{ ping a${index}: __typename ${' '.repeat(30_000)} }`)
  const caller = { viewer: guest, locale: 'id', requestId: 'r-1' } as const
  expect([titles, long].map((query) => router.turnOf({ query }, caller))).toEqual([undefined, undefined])
  await end()
})

it('with a safelist an operation that is not on it is refused before it is read', async () => {
  const { ask, stop: end } = await openSmallGraph({ persisted: { mode: 'safelist', operations } })
  expect(await ask(titles, { variables: { ids: ['1'] } })).toEqual({ data: { products: [{ title: 'Kopi' }] } })
  for (const text of ['{ ping }', '{{{'])
    expect(await ask(text)).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } }] })
  await end()
})
