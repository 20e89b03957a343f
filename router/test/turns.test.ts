import { guest } from '@pasar/shared/identity/viewer'
import { describe, expect, it } from 'vitest'
import { graphqlRoutes } from '../src/http/graphql-routes.ts'
import { openConnections } from '../src/live/connections.ts'
import { openNewcomers } from '../src/operation/newcomers.ts'
import { openTurns } from '../src/operation/turns.ts'
import { routerLimits } from '../src/safety/limits.ts'
import { liveClient } from './support/live-client.ts'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

const newOnes = 40
const known = '{ whoAsks }'
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Operations that are all new, by what becomes of them. */
const kinds: Readonly<Record<string, (index: number) => string>> = {
  'are refused': (index) => `{ nothing${index} }`,
  'are answered': (index) => `{ whoAsks a${index}: __typename }`,
  'follow something that is refused': (index) => `subscription { a${index}: refusing }`,
}

/** Sends all at once, what is known last, and says how many of the others ended before it. */
async function endedBefore(queries: readonly string[], ask: (query: string) => Promise<unknown>): Promise<number> {
  const ended: string[] = []
  await Promise.all([...queries, known].map((query) => ask(query).then(() => ended.push(query))))
  return ended.indexOf(known)
}

const overSocket = async ({ url }: TestMarket, queries: readonly string[]) => {
  const client = liveClient(url)
  await client.open({ query: known }).ended
  const ended = await endedBefore(queries, (query) => client.open({ query }).ended)
  await client.dispose()
  return ended
}

/** Not over connections: requests on several may come in any order. */
const overHttp = async ({ router }: TestMarket, queries: readonly string[]) => {
  const [post] = graphqlRoutes({ router, connections: openConnections(router.options), playground: undefined })
  const request = {
    method: 'POST',
    url: '/graphql',
    path: '/graphql',
    parameters: {},
    headers: { 'content-type': 'application/json' },
  }
  return endedBefore(queries, async (query) => post!.handle({ ...request, body: JSON.stringify({ query }) }))
}

describe('operations that are new to the router', () => {
  it('are planned one at a time, and hold up nobody whose operation is known', async () => {
    const market = await startTestMarket()
    const known = '{ products { upc name } }'
    await market.post(known)
    const ended: string[] = []
    const ask = async (query: string, requestId: string) => {
      await market.router.execute({ query }, { viewer: guest, locale: 'id', requestId })
      ended.push(requestId)
    }
    const asked = Array.from({ length: newOnes }, (_, index) => ask(`{ products { upc name${index}: name } }`, `new ${index}`))
    await Promise.all([...asked, ask(known, 'known')])
    // It asks subgraphs, too, and takes a few turns for that.
    expect(ended.indexOf('known')).toBeLessThan(newOnes / 2)
    await market.stop()
  })

  it.each(
    Object.entries({ 'a socket': overSocket, HTTP: overHttp }).flatMap(([way, ask]) =>
      Object.entries(kinds).map(([kind, make]) => ({ way, ask, kind, make })),
    ),
  )('over $way hold up nobody whose operation is known, though they $kind', async ({ ask, make }) => {
    const market = await startTestMarket()
    await market.post(known)
    expect(
      await ask(
        market,
        Array.from({ length: newOnes }, (_, index) => make(index)),
      ),
    ).toBeLessThan(newOnes / 2)
    await market.stop()
  })

  it('leave known what others use, however long they are', async () => {
    const market = await startTestMarket()
    await market.post(known)
    for (let index = 0; index < 3; index += 1) await market.post(`{ whoAsks a${index}: __typename ${' '.repeat(200_000)} }`)
    expect(market.router.turnOf({ query: known }, { viewer: guest, locale: 'id', requestId: 'known' })).toBeUndefined()
    await market.stop()
  })

  it('wait for the first of their kind only', async () => {
    let isKnown = false
    const begun: number[] = []
    const newcomers = openNewcomers({ waitingMax: 10, knownPerTurn: 3 })
    for (let number = 0; number < 6; number += 1) void newcomers('', () => isKnown).then(() => begun.push(number))
    await nextTurn()
    expect(begun).toEqual([0])
    isKnown = true
    await nextTurn()
    expect(begun).toEqual([0, 1, 2, 3])
    await nextTurn()
    expect(begun).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('take turns by their senders', async () => {
    const begun: string[] = []
    const newcomers = openNewcomers({ waitingMax: 10, knownPerTurn: 1 })
    const enter = (sender: string) => void newcomers(sender, () => false).then(() => begun.push(sender))
    for (const sender of ['many', 'many', 'many', 'few', 'one', 'few']) enter(sender)
    for (let turn = 0; turn < 6; turn += 1) await nextTurn()
    expect(begun).toEqual(['many', 'few', 'one', 'many', 'few', 'many'])
  })

  const busy = { extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true } }

  it('are told to come again where too many wait', async () => {
    const newcomers = openNewcomers({ waitingMax: 1, knownPerTurn: 1 })
    const first = newcomers('one', () => false)
    await expect(newcomers('one', () => false)).rejects.toMatchObject(busy)
    await expect(newcomers('another', () => false)).rejects.toMatchObject(busy)
    await first
  })

  it('of one sender, who fills the line, leave room for those of others', async () => {
    const market = await startTestMarket()
    const enter = async (address: string, index: number) => {
      const caller = { viewer: guest, locale: 'id', requestId: `${index}`, address } as const
      await market.router.turnOf({ query: `{ whoAsks from${index}: __typename }` }, caller)
      return index
    }
    const filling = Array.from({ length: routerLimits.newOperationsWaitingMax }, (_, index) => enter('192.0.2.1', index))
    const ended: unknown[] = []
    const last = filling.at(-1)!.catch((error: unknown) => ended.push(error))
    expect(await enter('192.0.2.2', 1_000)).toBe(1_000)
    await last
    expect(ended).toMatchObject([busy])
    expect(await Promise.all(filling.slice(0, -1))).toHaveLength(routerLimits.newOperationsWaitingMax - 1)
    await market.stop()
  })

  it('are planned also after one that could not be', async () => {
    const inTurn = openTurns()
    const failing = inTurn(() => {
      throw new Error('no plan')
    })
    await expect(failing).rejects.toThrow('no plan')
    expect(await inTurn(() => 'planned')).toBe('planned')
  })
})
