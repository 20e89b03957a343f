import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runFamily } from '../conformance/run-all.ts'
import { openSubgraphServer, type SubgraphServer } from '../conformance/engine/subgraph-server.ts'
import { interfaceObjects } from '../conformance/fixtures/interface-objects.ts'
import { namesUnderMembers } from '../conformance/fixtures/names-under-members.ts'
import { requiresWithArguments } from '../conformance/fixtures/requires-with-arguments.ts'
import { unresolvableKeys } from '../conformance/fixtures/unresolvable-keys.ts'
import { openRouterUnderTest } from '../conformance/under-test.ts'

/** Where the planner by itself goes wrong, the router answers as one server would; `npm run test:conformance` asks for much more. */
describe('a plan that the planner alone would get wrong', () => {
  let server: SubgraphServer
  beforeAll(async () => {
    server = await openSubgraphServer()
  })
  afterAll(() => server.stop())

  it.each([requiresWithArguments, interfaceObjects, namesUnderMembers, unresolvableKeys])('is right: $family', async (family) => {
    const { results } = await runFamily({ server, openRouter: openRouterUnderTest }, family)
    expect(results.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  })
})
