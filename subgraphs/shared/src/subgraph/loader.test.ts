import { describe, expect, it } from 'vitest'
import { byKey, clearable, groupBy, perArguments } from './loader.ts'

/** A shop's products as they are now, and how often somebody looked. */
function shelves() {
  const rows = [
    { id: 'p1', shopId: 's1', price: 1 },
    { id: 'p2', shopId: 's1', price: 1 },
    { id: 'p3', shopId: 's2', price: 1 },
  ]
  const looks: string[] = []
  const loaders = clearable({
    product: byKey(async (ids) => {
      looks.push(`by id ${ids.join()}`)
      return rows.filter(({ id }) => ids.includes(id)).map((row) => ({ ...row }))
    }, 'id'),
    productsOf: perArguments(({ first }: { readonly first: number; readonly after?: string | undefined }) =>
      groupBy(async (shopIds) => {
        looks.push(`${first} of ${shopIds.join()}`)
        return shopIds.flatMap((shopId) => rows.filter((row) => row.shopId === shopId).slice(0, first))
      }, 'shopId'),
    ),
  })
  return { rows, looks, loaders }
}

describe('what one request reads', () => {
  it('is read once for the same page of many shops, whatever order its arguments come in, and never mixed with another page', async () => {
    const { looks, loaders } = shelves()
    const idsOf = async (list: Promise<readonly { readonly id: string }[]>) => (await list).map(({ id }) => id)
    const pages = [
      loaders.productsOf({ first: 2, after: undefined }).load('s1'),
      loaders.productsOf({ after: undefined, first: 2 }).load('s2'),
      loaders.productsOf({ first: 1 }).load('s1'),
    ]
    expect(await Promise.all(pages.map(idsOf))).toEqual([['p1', 'p2'], ['p3'], ['p1']])
    expect(looks).toEqual(['2 of s1,s2', '1 of s1'])
  })

  it('is read afresh behind a mutation, lists and all', async () => {
    const { rows, looks, loaders } = shelves()
    const prices = async () => [
      (await loaders.product.load('p1'))?.price,
      (await loaders.productsOf({ first: 1 }).load('s1'))[0]?.price,
    ]
    expect(await prices()).toEqual([1, 1])
    rows[0] = { id: 'p1', shopId: 's1', price: 2 }
    expect(await loaders.product.load('p1')).toMatchObject({ price: 1 })
    loaders.clearAll()
    expect(await prices()).toEqual([2, 2])
    expect(looks).toEqual(['by id p1', '1 of s1', 'by id p1', '1 of s1'])
  })
})
