import { loadSupergraph } from '@pasar/schema/load'
import { buildASTSchema, buildSchema, getOperationAST, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { amountIn, type Variables } from '../src/cost/amount.ts'
import { costLimits } from '../src/cost/limits.ts'
import { operationCost } from '../src/cost/operation-cost.ts'
import { loadExamples } from '../src/pages/examples.ts'
import { marketExamples } from '../src/pages/pages.ts'

const schema = buildSchema(`
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  directive @atMost(entries: Int!) on FIELD_DEFINITION
  type Query {
    shop: Shop
    shops(first: Int = 20, after: String): ShopConnection
    provinces: [Province!]! @listSize(assumedSize: 38)
    plain: [Shop!]!
    search(text: String, filter: Filter, limit: Limit): Results @cost(weight: 5)
      @listSize(slicingArguments: ["limit.size"], sizedFields: ["hits"])
    newest(head: Int, tail: Int): [Shop!]! @listSize(slicingArguments: ["head", "tail"], requireOneSlicingArgument: false)
    quote(weights: [Int!] @cost(weight: 2)): Int
  }
  type Mutation { openShop(input: OpenShop!): Shop  signIn: Shop @cost(weight: 100) }
  type Subscription { shopChanged: Shop }
  input OpenShop { name: String!  pictures: [Picture!] }
  input Picture { url: String! @cost(weight: 3)  next: Picture }
  input Filter { text: String  and: [Filter!] }
  input Limit { size: Int }
  type Results { hits: [Shop!]!  total: Int }
  type ShopConnection { edges: [ShopEdge!]!  pageInfo: PageInfo! }
  type ShopEdge { cursor: String!  node: Shop! }
  type PageInfo { hasNextPage: Boolean! }
  type Shop { id: ID!  name: String!  owner: User  report: Report  grades: [Grade!]  staff(last: Int): [User!]
    branches: [Shop!]! @listSize(assumedSize: 3) @atMost(entries: 30) }
  type User { id: ID! }
  type Report @cost(weight: 50) { text: String }
  scalar Grade @cost(weight: 2)
  type Province { name: String! }
`)

function costOf(query: string, variables: Variables = {}): number {
  const document = parse(query)
  return amountIn(operationCost(schema, document, getOperationAST(document)!).amount, variables)
}

const cases: readonly (readonly [string, string, number, Variables?])[] = [
  ['an object costs 1 and a leaf nothing', '{ shop { id name __typename } }', 1],
  ['objects in objects add up', '{ shop { owner { id } } }', 2],
  ['aliases are counted each', '{ a: shop { id } b: shop { id } }', 2],
  [
    'fragments are written out',
    '{ ...F shop { ...G } } fragment F on Query { shop { id } } fragment G on Shop { owner { id } }',
    3,
  ],
  ['a list is as long as the schema assumes', '{ provinces { name } }', 38],
  ['also where it may be longer', '{ shop { branches { id } } }', 1 + 3],
  ['below itself it is as long as it may be', '{ shop { branches { branches { id } } } }', 1 + 30 * (1 + 30)],
  [
    'whatever is in between, and not beside it',
    '{ a: shop { branches { id } } b: shop { ...F } c: shop { branches { id } } } fragment F on Shop { branches { owner { id } ... { branches { id } } } }',
    4 + 1 + 30 * (1 + 1 + 30) + 4,
  ],
  ['a list of which nothing is said is a page', '{ plain { id owner { id } } }', 40],
  ['a page is as long as its default', '{ shops { edges { node { id } } } }', 1 + 20 * 2],
  ['a page is as long as it says', '{ shops(first: 3) { edges { node { id } } pageInfo { hasNextPage } } }', 1 + 3 * 2 + 1],
  ['and as its variable says', 'query ($n: Int) { shops(first: $n) { edges { node { id } } } }', 1 + 100 * 2, { n: 100 }],
  ['no variable, the default', 'query ($n: Int) { shops(first: $n) { edges { node { id } } } }', 1 + 20 * 2],
  ['a negative length is no credit', '{ shops(first: -5) { edges { node { id } } } }', 1],
  ['lists in lists multiply', '{ shops(first: 10) { edges { node { staff(last: 5) { id } } } } }', 1 + 10 * (1 + 1 + 5)],
  ['a size may stand inside an argument', '{ search(limit: { size: 4 }) { hits { id } } }', 5 + 4],
  ['or inside a variable', 'query ($l: Limit) { search(limit: $l) { hits { id } } }', 5 + 9, { l: { size: 9 } }],
  ['of several sizes the largest counts', '{ newest(head: 3, tail: 8) { id } }', 8],
  ['a type has its own weight', '{ shop { report { text } } }', 51],
  ['leaves too', '{ shop { grades } }', 1 + 20 * 2],
  ['a mutation opens a transaction', 'mutation { openShop(input: { name: "a" }) { id } }', 11],
  ['and its field its own weight', 'mutation { signIn { id } }', 110],
  [
    'input fields cost where the schema says so',
    'mutation { openShop(input: { name: "a", pictures: [{ url: "a" }, { url: "b" }] }) { id } }',
    17,
  ],
  [
    'also in variables, however deep',
    'mutation ($i: OpenShop!) { openShop(input: $i) { id } }',
    20,
    { i: { name: 'a', pictures: [{ url: 'a', next: { url: 'b' } }, { url: 'c' }] } },
  ],
  ['an argument that is a list costs for each entry', '{ quote(weights: [1, 2, 3]) }', 6],
  ['a subscription opens a stream', 'subscription { shopChanged { id } }', 11],
  ['what is left out by a condition counts', '{ shop @include(if: false) { id } }', 1],
  ['describing the schema has its price', '{ __schema { types { fields { name } } } }', 100],
]

describe('the cost of an operation', () => {
  const named = cases.map(([name, query, cost, variables]) => ({ name, query, cost, variables }))

  it.each(named)('$name', ({ query, cost, variables }) => {
    expect(costOf(query, variables)).toBe(cost)
  })

  it('is known without variables where they decide nothing', () => {
    const amountOf = (query: string) => operationCost(schema, parse(query), getOperationAST(parse(query))!).amount
    expect(amountOf('query ($t: String) { search(text: $t, limit: { size: 1 }) { total } }')).toBe(5)
    expect(amountOf('query ($n: Int) { shops(first: $n) { edges { node { id } } } }')).toBeTypeOf('function')
  })

  it('cannot be told when the size must be given and is not', () => {
    const document = parse('{ search { hits { id } } }')
    expect(operationCost(schema, document, getOperationAST(document)!).unsized.map(({ name }) => name.value)).toEqual(['search'])
  })
})

const market = buildASTSchema(parse(loadSupergraph().full), { assumeValidSDL: true, assumeValid: true })

describe('the examples of the playground', () => {
  it.each(loadExamples(marketExamples).map(({ name, query, variables }) => ({ name, query, variables })))(
    '$name costs at most half of what it may',
    ({ query, variables }) => {
      const document = parse(query)
      const { amount, unsized } = operationCost(market, document, getOperationAST(document)!)
      expect(unsized).toEqual([])
      expect(amountIn(amount, JSON.parse(variables || '{}') as Variables)).toBeLessThanOrEqual(costLimits.operationMax / 2)
    },
  )
})

it('a hundred products are searched for a combination of values only so often in one operation', () => {
  const look = (alias: number) => `a${alias}: variantBySelectedOptions(selected: [{ name: "Warna", value: "${alias}" }]) { id }`
  const costOfLooks = (looks: number) => {
    const document = parse(
      `{ products(first: 100) { edges { node { ${Array.from({ length: looks }, (_, n) => look(n)).join(' ')} } } } }`,
    )
    return amountIn(operationCost(market, document, getOperationAST(document)!).amount, {})
  }
  expect(costOfLooks(1)).toBeLessThan(costLimits.operationMax / 10)
  expect(costOfLooks(20)).toBeGreaterThan(costLimits.operationMax)
})
