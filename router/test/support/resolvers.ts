import { CodedError, Forbidden } from '@pasar/shared/problems'
import type { Journal } from './journal.ts'
import type { News } from './news.ts'
import type { TestDomain } from './test-market-sdl.ts'
import type { TestContext, TestResolvers } from './test-subgraph.ts'

/** What a test can break while it runs. */
export interface Switches {
  productsFail: boolean
}

const order = (id: string, upcs: readonly string[] = ['p1', 'p2']) => ({
  id,
  status: 'NEW',
  products: upcs.map((upc) => ({ upc })),
  gift: { upc: 'gone' },
  gifts: [{ upc: 'p1' }, { upc: 'gone' }],
})

const who = ({ identity: { viewer, locale } }: TestContext) =>
  `${viewer.kind === 'account' ? viewer.accountId : viewer.kind} in ${locale}`

const failing = (message: string) => () => {
  throw new Error(message)
}

const ordersResolvers = (news: News, journal: Journal): TestResolvers => ({
  Query: {
    order: (_: unknown, { id }: { id: string }) => order(id),
    newest: () => [order('1', ['p1', 'p2']), order('2', ['p2', 'p1']), order('3', ['p1'])],
    ledger: () => 'balanced',
    search: () => [
      { __typename: 'Product', upc: 'p1' },
      { __typename: 'Order', ...order('1') },
    ],
    anything: () => ({ __typename: 'Order', ...order('1') }),
    echo: (_: unknown, { text }: { text: string }) => text,
    whoAsks: (_: unknown, __: unknown, context: TestContext) => who(context),
    broken: failing('connection to postgres://orders:hunter2@db refused'),
    card: () => ({ number: '4811' }),
    promised: () => ({ kept: null }),
    tree: () => 'tree',
    survey: () => 'of everything',
  },
  Mutation: {
    signIn: () => 'a token',
    refreshSession: () => 'another token',
    pay: (_: unknown, { id }: { id: string }) => ({ ...order(id), status: 'PAID' }),
    note: (_: unknown, { text }: { text: string }) => text,
  },
  Subscription: {
    orderUpdated: {
      subscribe: (_: unknown, { id }: { id: string }) => news.follow(`order ${id}`),
      resolve: (event: unknown) => event,
    },
    orderEvents: { subscribe: () => news.follow('events'), resolve: (event: unknown) => event },
    stockChanged: {
      subscribe: (_: unknown, { upc, after }: { upc: string; after?: string | null }) => journal.follow(`stock ${upc}`, after),
      resolve: (event: unknown) => event,
    },
    refusing: {
      subscribe: () => {
        throw new Forbidden({ id: 'Bukan pesanan Anda', en: 'Not your order' })
      },
    },
  },
  Order: {
    private: () => 'for who is signed in',
    margin: () => 1000,
    secret: () => {
      throw new CodedError('CONFLICT', { id: 'Rahasia berubah', en: 'The secret changed' })
    },
    requestId: (_: unknown, __: unknown, { identity }: TestContext) => identity.requestId,
  },
})

const productsResolvers = (switches: Switches): TestResolvers => ({
  Query: {
    product: (_: unknown, { upc }: { upc: string }) => ({ upc }),
    products: () => [{ upc: 'p1' }, { upc: 'p2' }],
  },
  Product: {
    __resolveReference: async ({ upc }: { upc: string }) => {
      if (switches.productsFail) throw new Error(`products is down at ${upc}`)
      return upc === 'gone' ? null : { upc }
    },
    name: ({ upc }: { upc: string }) => `name of ${upc}`,
    weight: ({ upc }: { upc: string }) => (upc === 'p1' ? 100 : 200),
    price: (_: unknown, { currency }: { currency: string }) => (currency === 'IDR' ? 53_500 : 3),
    reviews: (_: unknown, { first }: { first: number }) => ['baik', 'bagus', 'mantap'].slice(0, first),
    cost: () => 40_000,
    viewedBy: (_: unknown, __: unknown, context: TestContext) => who(context),
    stock: () => {
      throw new CodedError('CONFLICT', { id: 'Sedang dihitung', en: 'Counting' })
    },
  },
})

type Gift = { readonly weight: number } | null
const wrap = (gift: Gift) => (gift ? `${gift.weight} g` : 'nothing')

const logisticsResolvers: TestResolvers = {
  Query: { couriers: () => ['JNE'] },
  Product: { shippingCost: ({ weight }: { weight: number }) => weight * 10 },
  Order: {
    wrapping: ({ gift }: { gift: Gift }) => [wrap(gift)],
    wrappings: ({ gifts }: { gifts: readonly Gift[] }) => gifts.map(wrap),
  },
}

/** Resolvers of the test market. */
export const resolversOf = (news: News, journal: Journal, switches: Switches): Record<TestDomain, TestResolvers> => ({
  orders: ordersResolvers(news, journal),
  products: productsResolvers(switches),
  logistics: logisticsResolvers,
})
