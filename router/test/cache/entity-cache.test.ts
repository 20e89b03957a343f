import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSmallGraph } from './small-graph.ts'

const budi = { kind: 'account', accountId: 'usr_budi', sessionId: 'ses_1', roles: [], shopIds: [] } as unknown as AccountViewer
const titles = (...ids: string[]) => `{ products: shelf(ids: ${JSON.stringify(ids)}) { title } }`

let graph: Awaited<ReturnType<typeof openSmallGraph>>
beforeEach(async () => {
  graph = await openSmallGraph()
})
afterEach(() => graph.stop())

/** Holds answers of the subgraph back, until it is let go. */
function hold() {
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  graph.control.gate = () => held
  return () => {
    graph.control.gate = async () => undefined
    letGo()
  }
}

const arrived = async (count: number) => {
  const all: string[][] = []
  await expect.poll(() => all.push(...graph.looked()) && all.length).toBe(count)
  return all
}

describe('what is known is not asked for again', () => {
  it('of a list only those that are new', async () => {
    expect(await graph.ask(titles('1', '2'))).toEqual({ data: { products: [{ title: 'Kopi' }, { title: 'Teh' }] } })
    expect(await graph.ask(titles('3', '2', '1'))).toEqual({
      data: { products: [{ title: 'Susu' }, { title: 'Teh' }, { title: 'Kopi' }] },
    })
    expect(await graph.ask(titles('1', '3'), { as: budi })).toEqual({
      data: { products: [{ title: 'Kopi' }, { title: 'Susu' }] },
    })
    expect(graph.looked()).toEqual([['1', '2'], ['3']])
    const stats = await graph.cache.stats()
    expect(stats).toMatchObject({ hits: 4, misses: 3, written: 3, entries: 3, fetchesSaved: 1, fetchesSent: 2 })
  })

  it('whatever the operation is called, but for other fields, variables and languages anew', async () => {
    const label = 'query A($size: Int) { products: shelf(ids: ["1"]) { label(size: $size) } }'
    const answers = [
      await graph.ask(label, { variables: { size: 2 } }),
      await graph.ask(label.replace('query A', 'query B'), { variables: { size: 2 } }),
      await graph.ask(label, { variables: { size: 3 } }),
      await graph.ask(label, { variables: { size: 2 }, locale: 'en' }),
      await graph.ask(titles('1')),
    ]
    expect(answers.map(({ data }) => Object.values((data!['products'] as object[])[0]!)[0])).toEqual([
      'Kopi 2 id',
      'Kopi 2 id',
      'Kopi 3 id',
      'Kopi 2 en',
      'Kopi',
    ])
    expect(graph.looked()).toHaveLength(4)
  })

  it('while what is not public is asked for by everyone for themselves', async () => {
    const note = '{ products: shelf(ids: ["1"]) { title note } }'
    await graph.ask(note)
    expect(await graph.ask(note, { as: budi })).toEqual({ data: { products: [{ title: 'Kopi', note: 'note for account' }] } })
    await graph.ask('{ products: shelf(ids: ["1"]) { cost } }', { as: budi })
    expect(graph.looked()).toHaveLength(3)
    expect(await graph.cache.dump()).toEqual([])
  })

  it('and what is there for one viewer alone is neither kept nor shown to others', async () => {
    const mine = '{ mine { title } }'
    for (let time = 0; time < 2; time += 1)
      expect(await graph.ask(mine, { as: budi })).toEqual({ data: { mine: { title: 'Rahasia' } } })
    // Each time once as nobody in particular, and once as himself.
    expect(graph.looked()).toEqual([['draft'], ['draft'], ['draft'], ['draft']])
    expect(await graph.ask(titles('draft'))).toEqual({ data: { products: [null] } })
    expect((await graph.cache.dump()).join()).not.toContain('Rahasia')
  })

  it('nor are errors and absences', async () => {
    for (let time = 0; time < 2; time += 1) {
      const { data, errors } = await graph.ask('{ products: shelf(ids: ["1"]) { broken } }')
      expect(data).toEqual({ products: [{ broken: null }] })
      expect(errors).toMatchObject([{ path: ['products', 0, 'broken'] }])
      expect(await graph.ask(titles('gone', '1'))).toEqual({ data: { products: [null, { title: 'Kopi' }] } })
    }
    expect(graph.looked()).toEqual([['1'], ['1'], ['gone', '1'], ['1'], ['1'], ['gone']])
  })

  it('and nothing that one answer is made of becomes a part of another', async () => {
    const both = '{ products: shelf(ids: ["1"]) { tags { text } maker { id name } } again: shelf(ids: ["1"]) { tags { text } } }'
    const once = await graph.ask(both)
    expect(await graph.ask(both)).toEqual(once)
    expect(await graph.ask('{ products: shelf(ids: ["1"]) { tags { text } } }')).toEqual({
      data: { products: [{ tags: [{ text: 'baru' }] }] },
    })
  })
})

describe('a change that is told', () => {
  it('is in every later answer', async () => {
    await graph.ask(titles('1', '2'))
    graph.shelf.titles['1'] = 'Kopi baru'
    graph.cache.invalidate(['Product 1'])
    expect(await graph.ask(titles('1', '2'))).toEqual({ data: { products: [{ title: 'Kopi baru' }, { title: 'Teh' }] } })
    graph.looked()
    expect(await graph.ask(titles('1', '2'))).toEqual({ data: { products: [{ title: 'Kopi baru' }, { title: 'Teh' }] } })
    expect(graph.looked()).toEqual([])
  })

  it('reaches answers of which the entity is only a part, and those without its id are never kept', async () => {
    const maker = (fields: string) => `{ products: shelf(ids: ["1"]) { maker { ${fields} } } }`
    await graph.ask(maker('id name'))
    await graph.ask(maker('name'))
    // What only looks like an id finds nothing.
    await graph.ask(maker('id: name'))
    expect(await graph.cache.dump()).toHaveLength(1)
    graph.shelf.maker = 'Pabrik baru'
    graph.cache.invalidate(['Maker m1'])
    expect(await graph.ask(maker('id name'))).toEqual({ data: { products: [{ maker: { id: 'm1', name: 'Pabrik baru' } }] } })
    expect(await graph.ask(maker('name'))).toEqual({ data: { products: [{ maker: { name: 'Pabrik baru' } }] } })
  })

  it('is not undone by who read before it and answers after it', async () => {
    const letGo = hold()
    const slow = graph.ask(titles('1'))
    await arrived(1)
    graph.shelf.titles['1'] = 'Kopi baru'
    graph.cache.invalidate(['Product 1'])
    letGo()
    // Who asked before it may get what was before it.
    expect(await slow).toEqual({ data: { products: [{ title: 'Kopi' }] } })
    expect(await graph.ask(titles('1'))).toEqual({ data: { products: [{ title: 'Kopi baru' }] } })
    expect((await graph.cache.stats()).notKept).toBe(1)
  })

  it('is seen by who asks after it while others still wait for what was before', async () => {
    const letGo = hold()
    const before = graph.ask(titles('1'))
    await arrived(1)
    graph.shelf.titles['1'] = 'Kopi baru'
    graph.cache.invalidate(['Product 1'])
    const after = [graph.ask(titles('1')), graph.ask(titles('1', '2'), { as: budi })]
    await arrived(2)
    letGo()
    expect(await before).toEqual({ data: { products: [{ title: 'Kopi' }] } })
    for (const one of await Promise.all(after)) expect(JSON.stringify(one)).toContain('Kopi baru')
  })

  it('is read anew by who made it, before anybody was told', async () => {
    await graph.ask(titles('1'))
    graph.shelf.titles['1'] = 'Kopi baru'
    expect(await graph.ask('mutation { touch { title } }', { as: budi })).toEqual({ data: { touch: { title: 'Kopi baru' } } })
    expect(await graph.ask(titles('1'), { as: budi })).toEqual({ data: { products: [{ title: 'Kopi baru' }] } })
  })
})

describe('a miss', () => {
  it('is asked for once, however many miss it at the same time', async () => {
    const letGo = hold()
    const answers = [
      graph.ask(titles('1', '2')),
      graph.ask(titles('2', '3'), { as: budi }),
      graph.ask(titles('3', '1'), { as: { ...budi, accountId: 'usr_ani' as never } }),
    ]
    const asked = await arrived(2)
    await expect.poll(async () => (await graph.cache.stats()).joined).toBe(3)
    letGo()
    expect((await Promise.all(answers)).map(({ data }) => data)).toEqual([
      { products: [{ title: 'Kopi' }, { title: 'Teh' }] },
      { products: [{ title: 'Teh' }, { title: 'Susu' }] },
      { products: [{ title: 'Susu' }, { title: 'Kopi' }] },
    ])
    expect(asked.flat().toSorted()).toEqual(['1', '2', '3'])
    expect(graph.looked()).toEqual([])
  })

  it('fails for all who wait for it, and is asked for again', async () => {
    graph.control.gate = () => Promise.reject(new Error('connection refused'))
    const [one, other] = await Promise.all([graph.ask(titles('1')), graph.ask(titles('1'), { as: budi })])
    for (const { data, errors } of [one, other]) {
      expect(data).toEqual({ products: [null] })
      expect(errors).toMatchObject([{ path: ['products', 0] }])
    }
    graph.control.gate = async () => undefined
    expect(await graph.ask(titles('1'))).toEqual({ data: { products: [{ title: 'Kopi' }] } })
  })
})

it('while no changes can be heard, everything is read anew, and nothing from before is used after it', async () => {
  await graph.ask(titles('1'))
  graph.cache.close()
  graph.shelf.titles['1'] = 'Kopi baru'
  expect(await graph.ask(titles('1'))).toEqual({ data: { products: [{ title: 'Kopi baru' }] } })
  expect((await graph.cache.stats()).bypassed).toBe(1)
  graph.cache.reopen()
  expect(await graph.ask(titles('1'))).toEqual({ data: { products: [{ title: 'Kopi baru' }] } })
  expect(graph.looked()).toHaveLength(3)
})
