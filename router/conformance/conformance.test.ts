import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runFixture, type Running } from './engine/run-fixture.ts'
import { openSubgraphServer, type SubgraphServer } from './engine/subgraph-server.ts'
import { families } from './families.ts'
import { runProtocols, type FamilyResult } from './run-all.ts'
import { openRouterUnderTest } from './under-test.ts'

let server: SubgraphServer
beforeAll(async () => {
  server = await openSubgraphServer()
})
afterAll(() => server.stop())

describe.each(families)('$family', ({ fixtures }) => {
  describe.each(fixtures)('$name', (fixture) => {
    let running: Running
    beforeAll(async () => {
      running = await runFixture(fixture, server, openRouterUnderTest)
    })
    afterAll(() => running.stop())

    it.each([...fixture.cases])('$title', async (asked) => {
      const { wrong } = await running.ask(asked)
      expect(wrong).toEqual([])
    })
  })
})

describe('protocols', () => {
  let results: readonly FamilyResult[]
  beforeAll(async () => {
    results = await runProtocols({ server, openRouter: openRouterUnderTest })
  })

  it.each(['GraphQL over HTTP', 'graphql-transport-ws'])('%s', (name) => {
    const family = results.find(({ family }) => family === name)
    expect(family?.results.filter(({ wrong }) => wrong.length > 0)).toEqual([])
    expect(family?.results.length).toBeGreaterThan(40)
  })
})
