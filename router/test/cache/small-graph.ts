import { composeServices } from '@apollo/composition'
import { buildSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js'
import { fixedClock } from '@pasar/shared/clock'
import { openLog } from '@pasar/shared/log'
import { parseOperation } from '@pasar/shared/subgraph/operation'
import { readSettings } from '@pasar/shared/process/settings'
import type { SubgraphTransport } from '@pasar/shared/http/transport'
import { guest, type Viewer } from '@pasar/shared/identity/viewer'
import { graphql, parse, type ExecutionResult } from 'graphql'
import { EntityCache } from '../../src/cache/entity-cache.ts'
import { memoryStore } from '../../src/cache/memory-store.ts'
import type { RouterOptions } from '../../src/router-options.ts'
import { openRouter } from '../../src/router.ts'
import { composeTestMarket } from '../support/test-market.ts'

const common = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@composeDirective", "@shareable"])
    @link(url: "https://pasar.example/specs/access/v1.0", import: ["@public"])
    @link(url: "https://pasar.example/specs/cacheControl/v1.0", import: ["@cacheControl"])
    @link(url: "https://pasar.example/specs/ownersSeeMore/v1.0", import: ["@ownersSeeMore"])
    @composeDirective(name: "@public")
    @composeDirective(name: "@cacheControl")
    @composeDirective(name: "@ownersSeeMore")
  directive @public on FIELD_DEFINITION
  directive @cacheControl(maxAge: Int!, scope: cacheControl__Scope! = PRIVATE) on FIELD_DEFINITION | OBJECT
  enum cacheControl__Scope { PUBLIC PRIVATE }
  directive @ownersSeeMore on FIELD_DEFINITION
`

const mark = '@cacheControl(maxAge: 60, scope: PUBLIC)'

/**
 * Carts refer to products and shops; only these say anything of themselves. Of `shelf` nothing tells what changes it, so that its answers
 * are not kept, but only the entities that it leads to.
 */
const sdl = {
  carts: `${common}
    type Query { products(ids: [ID!]!): [Product]! @public @cacheControl(maxAge: 30, scope: PUBLIC)  shelf(ids: [ID!]!): [Product]! @public @cacheControl(maxAge: 30, scope: PUBLIC)  shops(ids: [ID!]!): [Shop]! @public  mine: Product @authenticated }
    type Mutation { touch: Product @public }
    type Product @key(fields: "id", resolvable: false) { id: ID! }
    type Shop @key(fields: "id", resolvable: false) { id: ID! }
  `,
  products: `${common}
    type Query {
      ping: Int @public
      product(id: ID!): Product @public ${mark} @ownersSeeMore
      productFacets(size: Int = 3): Facets! @public ${mark}
      shopBySlug(slug: String!): Shop @public ${mark}
      couriers: [String!]! @public ${mark}
      categories: [String!]! @public ${mark}
    }
    type Facets ${mark} { titles: [String!]!  broken: Int }
    type Product @key(fields: "id") {
      id: ID!
      variants: [String!]! ${mark} @ownersSeeMore
      title: String! ${mark}
      label(size: Int = 1): String! ${mark}
      maker: Maker ${mark}
      tags: [Tag!]! ${mark}
      cost: Int @authenticated
      note: String
      broken: Int ${mark}
    }
    type Maker @key(fields: "id") { id: ID!  name: String! ${mark} }
    type Tag ${mark} { text: String! }
    type Shop @key(fields: "id") { id: ID!  name: String! ${mark} }
  `,
}

/** What the products subgraph says; tests change it. */
export interface Shelf {
  titles: Record<string, string>
  maker: string
}

/** Runs before each answer of the products subgraph. */
type Gate = () => Promise<void>

/** A router with a cache over two subgraphs; what is asked of them is noted. */
export async function openSmallGraph(options: Partial<Pick<RouterOptions, 'persisted' | 'settings'>> = {}) {
  const shelf: Shelf = { titles: { 1: 'Kopi', 2: 'Teh', 3: 'Susu' }, maker: 'Pabrik' }
  const asked: string[][] = []
  const control: { gate: Gate } = { gate: async () => undefined }
  const cache = new EntityCache(memoryStore({ bytesMax: 1_000_000, entryBytesMax: 100_000, now: () => performance.now() }))
  cache.reopen()
  const transports = {
    carts: transportOf('carts', cartsResolvers),
    products: transportOf('products', productsResolvers(shelf), async (ids) => {
      asked.push(ids)
      await control.gate()
    }),
  }
  const router = await openRouter({
    supergraph: composed,
    transports,
    signer: { headers: async (_, { viewer, locale }) => ({ viewer: JSON.stringify(viewer), locale }) },
    verifyAccessToken: undefined,
    clock: fixedClock(),
    log: openLog('silent', 'router'),
    settings: readSettings({}),
    cache,
    ...options,
  })
  const ask = async (query: string, { as = guest, locale = 'id' as const, variables = {} }: Asking = {}) => {
    const { data, errors } = await router.execute({ query, variables }, { viewer: as, locale, requestId: 'r' })
    return { ...(data != null && { data: JSON.parse(data) as Record<string, unknown> }), ...(errors && { errors }) }
  }
  /** Products that were asked for since the last look, one list per fetch; for a fetch from the root that word. */
  const looked = () => asked.splice(0)
  return { router, cache, shelf, control, ask, looked, stop: () => router.stop() }
}

interface Asking {
  readonly as?: Viewer
  readonly locale?: 'id' | 'en'
  readonly variables?: Record<string, unknown>
}

/** Composed by the test market's means, which also take the access directives out for the gateway. */
const composed = (() => {
  const { full } = composeTestMarket(sdl)
  const gateway = full
    .replaceAll(/ *@link\([^)]*for: SECURITY\)\n/g, '')
    .replaceAll(/^(directive @|scalar )authenticated[^\n]*\n/gm, '')
    .replaceAll(/ *@authenticated/g, '')
  return { full, gateway }
})()

interface Context {
  readonly viewer: Viewer
  readonly locale: string
}

const reference = (type: string) => (id: string) => ({ __typename: type, id })

const cartsResolvers = {
  Query: {
    shelf: (_: unknown, { ids }: { ids: string[] }) => ids.map(reference('Product')),
    products: (_: unknown, { ids }: { ids: string[] }) => ids.map(reference('Product')),
    shops: (_: unknown, { ids }: { ids: string[] }) => ids.map(reference('Shop')),
    mine: () => reference('Product')('draft'),
  },
  Mutation: { touch: () => reference('Product')('1') },
}

const broken = () => {
  throw new Error('broken')
}

const ownsShop = (viewer: Viewer) => viewer.kind === 'account' && viewer.shopIds.length > 0

const findProduct = (shelf: Shelf, id: string, isOwner: boolean) => {
  if (id === 'draft') return isOwner ? { id, title: 'Rahasia' } : null
  const title = shelf.titles[id]
  return title === undefined ? null : { id, title }
}

const productsResolvers = (shelf: Shelf) => ({
  Query: {
    product: (_: unknown, { id }: { id: string }, { viewer }: Context) => findProduct(shelf, id, ownsShop(viewer)),
    productFacets: (_: unknown, { size }: { size: number }) => ({ titles: Object.values(shelf.titles).slice(0, size) }),
    // Marked as everyone's, and yet it is not.
    shopBySlug: (_: unknown, { slug }: { slug: string }, { viewer }: Context) =>
      slug === shelf.maker || (slug === 'rahasia' && viewer.kind === 'account') ? { id: 's1' } : null,
    couriers: () => ['JNE'],
    categories: () => ['Kopi'],
  },
  Facets: { broken },
  Product: {
    __resolveReference: async ({ id }: { id: string }, { viewer }: Context) => findProduct(shelf, id, viewer.kind === 'account'),
    variants: (_: unknown, __: unknown, { viewer }: Context) => (ownsShop(viewer) ? ['besar', 'rahasia'] : ['besar']),
    label: ({ title }: { title: string }, { size }: { size: number }, { locale }: Context) => `${title} ${size} ${locale}`,
    maker: () => ({ id: 'm1', name: shelf.maker }),
    tags: () => [{ text: 'baru' }],
    cost: () => 4_711,
    note: (_: unknown, __: unknown, { viewer }: Context) => `note for ${viewer.kind}`,
    broken,
  },
  Shop: { name: ({ id }: { id: string }) => `Toko ${id}` },
})

function transportOf(
  name: keyof typeof sdl,
  resolvers: object,
  before: (ids: string[]) => Promise<void> = async () => undefined,
) {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl[name]), resolvers: resolvers as GraphQLResolverMap<unknown> })
  const transport: SubgraphTransport = {
    async execute({ headers, body }) {
      const { query, variables = {} } = parseOperation(body)
      const representations = (variables['representations'] ?? []) as { id: string }[]
      const contextValue = { viewer: JSON.parse(headers['viewer']!) as Viewer, locale: headers['locale'] }
      const answer = await graphql({ schema, source: query, variableValues: variables, contextValue })
      // The answer was read before the gate: what changes meanwhile is not in it.
      await before(variables['representations'] ? representations.map(({ id }) => id) : ['root'])
      return JSON.parse(JSON.stringify(answer)) as ExecutionResult
    },
    subscribe: () => Promise.reject(new Error('nothing is live here')),
    stop: async () => undefined,
  }
  return transport
}

/** Composes marks, for tests of what they mean. */
export function composeMarks(types: string): string {
  const typeDefs = parse(`${common} type Query { ping: Int @public } ${types}`)
  const { supergraphSdl, errors } = composeServices([{ name: 'one', typeDefs, url: 'http://one.invalid' }])
  if (errors) throw errors[0]!
  return supergraphSdl
}
