import { loadSupergraph } from '@pasar/schema/load'
import { buildASTSchema, isObjectType, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { openCacheIndex } from '../../src/cache/cache-index.ts'
import { changedBy, listsShown, neverChanging, neverChangingRoots } from '../../src/cache/event-entities.ts'
import { composeMarks } from './small-graph.ts'

const mark = '@cacheControl(maxAge: 60, scope: PUBLIC)'

describe('the marks of the market', () => {
  const { full } = loadSupergraph()
  const index = openCacheIndex(full)
  const types = Object.values(buildASTSchema(parse(full), { assumeValid: true, assumeValidSDL: true }).getTypeMap()).filter(
    isObjectType,
  )
  const kept = types.flatMap((type) =>
    Object.keys(type.getFields()).flatMap((field) =>
      index.maxAgeOf(type.name, field) === undefined ? [] : [`${type.name}.${field}`],
    ),
  )
  const entities = new Set(kept.map((field) => field.split('.')[0]!).filter((type) => index.isEntity(type)))

  it('are on no entity that changes without an event that says so', () => {
    const told = new Set(Object.values(changedBy).flatMap((changed) => Object.keys(changed)))
    expect([...entities].filter((type) => !told.has(type) && !neverChanging.has(type))).toEqual([])
    expect([...told, ...neverChanging].filter((type) => !entities.has(type))).toEqual([])
  })

  it('are on root fields of which it is known what changes them, or they are read anew each time', () => {
    const known = new Set([...Object.keys(listsShown), ...neverChangingRoots])
    expect([...known].filter((field) => !kept.includes(field))).toEqual([])
    expect(kept.filter((field) => field.startsWith('Query.') && !known.has(field)).toSorted()).toEqual([
      'Query.categories',
      'Query.category',
    ])
  })

  it('say of what owners see more', () => {
    const wider = kept.filter((field) => index.ownersSeeMore(...(field.split('.') as [string, string])))
    expect(wider).toEqual([
      'Product.status',
      'Product.variants',
      'Product.options',
      'Product.variantBySelectedOptions',
      'Query.product',
      'Review.answer',
      'Shop.products',
    ])
  })

  it('are on nothing that is somebody’s', () => {
    const owners = ['User', 'Address', 'Cart', 'CartGroup', 'CartLine', 'Order', 'Checkout', 'Payment', 'Shipment', 'Warehouse']
    expect(kept.filter((field) => owners.includes(field.split('.')[0]!))).toEqual([])
    expect(kept).toContain('Shop.name')
    for (const field of ['Shop.owner', 'Shop.warehouses', 'Shop.balance', 'Variant.stock', 'Category.children'])
      expect(kept).not.toContain(field)
  })
})

describe('a mark', () => {
  it('counts for the fields of a type that say nothing else, and only when it says PUBLIC', () => {
    const index = openCacheIndex(
      composeMarks(`
        type Price ${mark} { amount: Int  cost: Int @cacheControl(maxAge: 60)  old: Int @cacheControl(maxAge: 5, scope: PUBLIC) }
        type Other { a: Int @cacheControl(maxAge: 60, scope: PRIVATE)  b: Int @cacheControl(maxAge: 0, scope: PUBLIC)  c: Int }
      `),
    )
    expect(['amount', 'cost', 'old'].map((field) => index.maxAgeOf('Price', field))).toEqual([60, undefined, 5])
    const guarded = openCacheIndex(composeMarks(`type A ${mark} { open: Int  secret: Int @authenticated }`))
    expect(['open', 'secret'].map((field) => guarded.maxAgeOf('A', field))).toEqual([60, undefined])
    expect(['a', 'b', 'c', 'd'].map((field) => index.maxAgeOf('Other', field))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('on what needs a role, or on a whole entity, is refused', () => {
    const open = (types: string) => () => openCacheIndex(composeMarks(types))
    expect(open(`type A { secret: Int @authenticated ${mark} }`)).toThrow('A.secret is not for everyone')
    expect(open(`type A { secret: B ${mark} } type B @authenticated { c: Int }`)).toThrow('A.secret is not for everyone')
    expect(open(`type A @key(fields: "id") ${mark} { id: ID! }`)).toThrow('A is an entity: mark its fields')
  })

  it('on an interface’s field counts when all that it can be are marked', () => {
    const index = openCacheIndex(
      composeMarks(`
        interface Named { name: String  title: String }
        type A implements Named { name: String ${mark}  title: String ${mark} }
        type B implements Named { name: String @cacheControl(maxAge: 5, scope: PUBLIC)  title: String }
      `),
    )
    expect(['name', 'title'].map((field) => index.maxAgeOf('Named', field))).toEqual([5, undefined])
  })
})
