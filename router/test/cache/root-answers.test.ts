import { loadSupergraph } from '@pasar/schema/load'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tagsChangedBy } from '../../src/cache/event-entities.ts'
import { openSmallGraph } from './small-graph.ts'

const buyer = { kind: 'account', accountId: 'usr_budi', sessionId: 'ses_1', roles: [], shopIds: [] } as unknown as AccountViewer
const owner: AccountViewer = { ...buyer, accountId: 'usr_sari' as never, roles: ['seller'], shopIds: ['shp_1' as never] }
const staff: AccountViewer = { ...buyer, accountId: 'usr_ani' as never, roles: ['support'] }

const page = (id: string, fields = 'id title') => `{ product(id: "${id}") { ${fields} } }`
const facets = '{ productFacets { titles } }'
const list = (...ids: string[]) => `{ products(ids: ${JSON.stringify(ids)}) { id title } }`

/** What an event of a product's changes. */
const listingChanged = (productId: string) =>
  tagsChangedBy({ type: 'ListingChanged', payload: { productId, variantId: 'v' } } as never)

let graph: Awaited<ReturnType<typeof openSmallGraph>>
beforeEach(async () => {
  graph = await openSmallGraph()
})
afterEach(() => graph.stop())

describe('an answer of a root field', () => {
  it('is not asked for again, by whoever asks for it under whatever name', async () => {
    for (const as of [undefined, buyer, undefined])
      expect(await graph.ask(page('1'), as && { as })).toEqual({ data: { product: { id: '1', title: 'Kopi' } } })
    expect(await graph.ask(`query Again ${page('1')}`)).toEqual({ data: { product: { id: '1', title: 'Kopi' } } })
    expect(graph.looked()).toEqual([['root']])
    expect(await graph.cache.stats()).toMatchObject({ answerHits: 2, rootHits: 1, rootMisses: 1, fetchesSent: 1 })
  })

  it('is asked for anew with other arguments, variables or another language', async () => {
    const sized = 'query($size: Int) { productFacets(size: $size) { titles } }'
    const answers = [
      await graph.ask(sized, { variables: { size: 1 } }),
      await graph.ask(sized, { variables: { size: 2 } }),
      await graph.ask(sized),
      await graph.ask('{ product(id: "1") { id label } }', { locale: 'en' }),
      await graph.ask('{ product(id: "1") { id label } }'),
    ]
    expect(answers.map(({ data }) => JSON.stringify(data))).toEqual([
      '{"productFacets":{"titles":["Kopi"]}}',
      '{"productFacets":{"titles":["Kopi","Teh"]}}',
      '{"productFacets":{"titles":["Kopi","Teh","Susu"]}}',
      '{"product":{"id":"1","label":"Kopi 1 en"}}',
      '{"product":{"id":"1","label":"Kopi 1 id"}}',
    ])
    expect(graph.looked()).toHaveLength(5)
  })

  it('is one, whatever variables are sent that its operation does not declare, and in whatever order', async () => {
    const query = 'query($size: Int, $id: ID!) { productFacets(size: $size) { titles } product(id: $id) { id } }'
    await graph.ask(query, { variables: { size: 1, id: '1' } })
    const { entries } = await graph.cache.stats()
    for (let unknown = 0; unknown < 50; unknown += 1) await graph.ask(query, { variables: { unknown, id: '1', size: 1 } })
    expect(graph.looked()).toEqual([['root']])
    expect((await graph.cache.stats()).entries).toBe(entries)
  })

  it('is read anew when nobody knows what changes it, and when something in it is not public', async () => {
    for (const query of ['{ categories }', page('1', 'id note'), page('1', 'title')]) {
      await graph.ask(query)
      await graph.ask(query)
    }
    expect(graph.looked()).toHaveLength(6)
    await graph.ask('{ couriers }')
    await graph.ask('{ couriers }')
    expect(graph.looked()).toHaveLength(1)
  })

  it('is asked for once, however many miss it at the same time', async () => {
    let letGo: () => void = () => undefined
    const held = new Promise<void>((resolve) => (letGo = resolve))
    graph.control.gate = () => held
    const asking = [graph.ask(facets), graph.ask(facets, { as: buyer }), graph.ask(`query Other ${facets}`)]
    await expect.poll(async () => (await graph.cache.stats()).joined).toBe(2)
    letGo()
    for (const answer of await Promise.all(asking))
      expect(answer).toEqual({ data: { productFacets: { titles: ['Kopi', 'Teh', 'Susu'] } } })
    expect(graph.looked()).toEqual([['root']])
  })

  it('that is absent for a guest is asked for again by who is signed in, and that is not kept', async () => {
    const hidden = '{ shopBySlug(slug: "rahasia") { id } }'
    for (let time = 0; time < 2; time += 1) {
      expect((await graph.ask(hidden, { as: buyer })).data).toEqual({ shopBySlug: { id: 's1' } })
      expect((await graph.ask(hidden)).data).toEqual({ shopBySlug: null })
    }
    // Once as nobody in particular, and each time as the buyer.
    expect(graph.looked()).toHaveLength(3)
    expect((await graph.cache.dump()).join()).not.toContain('s1')
  })

  it('with an error is told to everyone who asks, and asked for again', async () => {
    const broken = '{ productFacets { titles broken } }'
    for (let time = 0; time < 2; time += 1) {
      const { data, errors } = await graph.ask(broken)
      expect(data).toEqual({ productFacets: { titles: ['Kopi', 'Teh', 'Susu'], broken: null } })
      expect(errors).toMatchObject([{ path: ['productFacets', 'broken'] }])
    }
    expect(graph.looked()).toEqual([['root'], ['root']])
    expect(await graph.cache.dump()).toEqual([])
    graph.control.gate = () => Promise.reject(new Error('connection refused'))
    expect((await graph.ask(facets)).errors).toMatchObject([{ path: ['productFacets'] }])
    graph.control.gate = async () => undefined
    expect((await graph.ask(facets)).errors).toBeUndefined()
  })
})

describe('a change that is told', () => {
  it('of a product is in its page, in every list and in every count', async () => {
    const all = [page('1'), list('1', '2'), facets]
    for (const query of all) await graph.ask(query)
    graph.shelf.titles['1'] = 'Kopi baru'
    graph.cache.invalidate(listingChanged('1'))
    for (const query of all) expect(JSON.stringify(await graph.ask(query))).toContain('Kopi baru')
  })

  it('of another product leaves a page where it is', async () => {
    await graph.ask(page('1'))
    graph.cache.invalidate(listingChanged('2'))
    graph.looked()
    await graph.ask(page('1'))
    expect(graph.looked()).toEqual([])
  })

  it('brings what was not there before', async () => {
    const ask = async () => [await graph.ask(page('9')), await graph.ask('{ shopBySlug(slug: "baru") { id } }')]
    expect(await ask()).toEqual([{ data: { product: null } }, { data: { shopBySlug: null } }])
    graph.looked()
    await ask()
    expect(graph.looked()).toEqual([])
    graph.shelf.titles['9'] = 'Madu'
    graph.shelf.maker = 'baru'
    graph.cache.invalidate(listingChanged('9'))
    graph.cache.invalidate(tagsChangedBy({ type: 'ShopOpened', payload: { shopId: 's1' } } as never))
    expect(await ask()).toEqual([{ data: { product: { id: '9', title: 'Madu' } } }, { data: { shopBySlug: { id: 's1' } } }])
  })

  it('while an answer is made is not undone by it, whichever part of it was read before', async () => {
    let letGo: () => void = () => undefined
    const held = new Promise<void>((resolve) => (letGo = resolve))
    await graph.ask(facets)
    graph.looked()
    const both = `{ productFacets { titles } products(ids: ["2"]) { id title } }`
    graph.control.gate = () => held
    const slow = graph.ask(both)
    await expect.poll(() => graph.looked().length).toBe(1)
    graph.shelf.titles['1'] = 'Kopi baru'
    graph.cache.invalidate(listingChanged('1'))
    letGo()
    graph.control.gate = async () => undefined
    expect(JSON.stringify(await slow)).toContain('"Kopi"')
    expect(JSON.stringify(await graph.ask(both))).toContain('Kopi baru')
  })

  it('is read anew by who made it, and by everyone while none can be heard', async () => {
    await graph.ask(list('1'))
    graph.shelf.titles['1'] = 'Kopi baru'
    await graph.ask('mutation { touch { id } }', { as: buyer })
    expect(JSON.stringify(await graph.ask(list('1'), { as: buyer }))).toContain('Kopi baru')
    graph.cache.close()
    expect(JSON.stringify(await graph.ask(list('1')))).toContain('Kopi baru')
  })
})

describe('of what owners see more', () => {
  const variants = page('1', 'id variants')
  const seenBy = async (query: string, as?: AccountViewer) => JSON.stringify((await graph.ask(query, as && { as })).data)

  it('what is kept is for guests and buyers, and neither is shown what the other sees', async () => {
    const open = '{"product":{"id":"1","variants":["besar"]}}'
    const own = '{"product":{"id":"1","variants":["besar","rahasia"]}}'
    const answers = []
    for (const as of [owner, undefined, owner, buyer, undefined, owner]) answers.push(await seenBy(variants, as))
    expect(answers).toEqual([own, open, own, open, open, own])
    expect(graph.looked()).toHaveLength(4)
    expect((await graph.cache.dump()).join()).not.toContain('rahasia')
  })

  it('also where it is reached from elsewhere', async () => {
    const reached = '{ products(ids: ["1"]) { id variants } }'
    expect(await seenBy(reached)).toBe('{"products":[{"id":"1","variants":["besar"]}]}')
    expect(await seenBy(reached, owner)).toBe('{"products":[{"id":"1","variants":["besar","rahasia"]}]}')
    expect(await seenBy(reached)).toBe('{"products":[{"id":"1","variants":["besar"]}]}')
  })

  it('drafts are there for their owner alone, and staff read for themselves', async () => {
    const draft = page('draft')
    for (let time = 0; time < 2; time += 1) {
      expect(await seenBy(draft)).toBe('{"product":null}')
      expect(await seenBy(draft, owner)).toBe('{"product":{"id":"draft","title":"Rahasia"}}')
    }
    graph.looked()
    await seenBy(variants)
    await seenBy(variants, staff)
    expect(graph.looked()).toHaveLength(2)
  })
})

it('the market’s supergraph says how its fields are kept', () => {
  expect(loadSupergraph().full).toMatch(/variants: \[Variant!\]![^\n]*@ownersSeeMore/)
  expect(loadSupergraph().gateway).not.toContain('ownersSeeMore')
})
