import { json, serve, type HttpRequest } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose, runFixture } from '../conformance/engine/run-fixture.ts'
import { openSubgraphServer, type SubgraphServer } from '../conformance/engine/subgraph-server.ts'
import { runFamily } from '../conformance/run-all.ts'
import { together } from '../conformance/fixtures/together.ts'
import { openRouterUnderTest } from '../conformance/under-test.ts'

const log = openLog('silent', 'together')
const [fixture] = together.fixtures

/** A subgraph that cannot answer two questions at once, though each by itself; counts both. */
async function serveOneByOne(url: string) {
  const asked = { together: 0, alone: 0 }
  const handle = async ({ body }: HttpRequest) => {
    const isJoined = body.includes('_entities_1')
    asked[isJoined ? 'together' : 'alone'] += 1
    if (isJoined) return json(200, { data: null, errors: [{ message: 'too much at once' }] })
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return json(200, await response.json())
  }
  const http = await serve([{ method: 'POST', path: '/graphql', handle }], { host: '127.0.0.1', port: 0, log })
  return { asked, url: `http://127.0.0.1:${http.port}/graphql`, stop: http.stop }
}

describe('questions to one subgraph that go out together', () => {
  let server: SubgraphServer
  beforeAll(async () => {
    server = await openSubgraphServer()
  })
  afterAll(() => server.stop())

  it('bring what each would bring by itself', async () => {
    const { results } = await runFamily({ server, openRouter: openRouterUnderTest }, together)
    expect(results.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  })

  it('are asked one by one where the subgraph answers none of them together', async () => {
    const alone = await runFixture(fixture!, server, openRouterUnderTest)
    const oneByOne = await serveOneByOne(server.urlOf(fixture!.name, 'c'))
    const urlOf = (of: string, subgraph: string) => (subgraph === 'c' ? oneByOne.url : server.urlOf(of, subgraph))
    const router = await openRouterUnderTest(compose(fixture!, { urlOf }))
    const ask = async (url: string) => {
      const body = JSON.stringify({ query: '{ items { count cost } boxes { count } }' })
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      return JSON.parse((await response.text()).replaceAll(/"requestId":"[^"]+"/g, '"requestId":""')) as unknown
    }
    const [expected, actual] = [await ask(alone.url), await ask(router.url)]
    expect(actual).toEqual(expected)
    expect(oneByOne.asked).toEqual({ together: 1, alone: 3 })
    await Promise.all([router.stop(), alone.stop(), oneByOne.stop()])
  })
})
