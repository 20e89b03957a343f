import { products, shelfPage, shippingEstimateOf, users, type Review } from './data.ts'
import { productByUpc, reviewById, reviewsByAuthor, reviewsByUpc, userById } from './lookups.ts'

interface UserReference {
  readonly id: string
}

interface ProductReference {
  readonly upc: string
  readonly price?: number
  readonly weight?: number
}

const accounts = {
  Query: {
    me: () => users[0],
    user: (_: unknown, { id }: UserReference) => userById.get(id),
    users: (_: unknown, { first }: { readonly first: number }) => users.slice(0, first),
  },
  User: { __resolveReference: ({ id }: UserReference) => userById.get(id) },
}

const inventory = {
  Product: {
    __resolveReference: ({ upc, price, weight }: ProductReference) => ({
      upc,
      price,
      weight,
      inStock: productByUpc.get(upc)?.inStock,
    }),
    shippingEstimate: ({ price, weight }: ProductReference) =>
      price === undefined || weight === undefined ? null : shippingEstimateOf({ price, weight }),
  },
}

const productsResolvers = {
  Query: {
    topProducts: (_: unknown, { first }: { readonly first: number }) => products.slice(0, first),
    shelf: (_: unknown, { page }: { readonly page: number }) => shelfPage(page),
    product: (_: unknown, { upc }: ProductReference) => productByUpc.get(upc),
  },
  Product: { __resolveReference: ({ upc }: ProductReference) => productByUpc.get(upc) },
}

const reviewsResolvers = {
  Review: {
    __resolveReference: ({ id }: UserReference) => reviewById.get(id),
    author: ({ authorId }: Review) => ({ id: authorId }),
    product: ({ upc }: Review) => ({ upc }),
  },
  User: {
    __resolveReference: ({ id }: UserReference) => ({ id }),
    reviews: ({ id }: UserReference) => reviewsByAuthor.get(id) ?? [],
  },
  Product: {
    __resolveReference: ({ upc }: ProductReference) => ({ upc }),
    reviews: ({ upc }: ProductReference) => reviewsByUpc.get(upc) ?? [],
  },
}

/** Resolvers of each subgraph. */
export const resolvers = { accounts, inventory, products: productsResolvers, reviews: reviewsResolvers }
