import { readFileSync } from 'node:fs'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { buildSchema, printSchema } from 'graphql'
import { Supergraph } from '@apollo/federation-internals'
import { products, shelfPage, shippingEstimateOf, users, type Product, type Review, type User } from '../subgraphs/data.ts'
import { productByUpc, reviewsByAuthor, reviewsByUpc, userById } from '../subgraphs/lookups.ts'

// The same graph as one server that has everything at hand: what no federation can be faster than with this server.
const once = <K, V>(make: (key: K) => V) => {
  const made = new Map<K, V>()
  return (key: K) => {
    const value = made.get(key) ?? make(key)
    made.set(key, value)
    return value
  }
}

interface ReviewNode extends Review {
  author(): object
  product(): object
}

const reviewNode = once((review: Review): ReviewNode => ({
  ...review,
  author: () => userNode(userById.get(review.authorId)!),
  product: () => productNode(productByUpc.get(review.upc)!),
}))
const userNode = once((user: User) => ({ ...user, reviews: () => (reviewsByAuthor.get(user.id) ?? []).map(reviewNode) }))
const productNode = once((product: Product) => ({
  ...product,
  shippingEstimate: shippingEstimateOf(product),
  reviews: () => (reviewsByUpc.get(product.upc) ?? []).map(reviewNode),
}))

const rootValue = {
  me: () => userNode(users[0]!),
  user: ({ id }: { readonly id: string }) => userById.has(id) && userNode(userById.get(id)!),
  users: ({ first }: { readonly first: number }) => users.slice(0, first).map(userNode),
  topProducts: ({ first }: { readonly first: number }) => products.slice(0, first).map(productNode),
  shelf: ({ page }: { readonly page: number }) => shelfPage(page).map(productNode),
  product: ({ upc }: { readonly upc: string }) => productByUpc.has(upc) && productNode(productByUpc.get(upc)!),
}

const supergraph = Supergraph.build(readFileSync(process.env['SUPERGRAPH']!, 'utf8'))
const schema = buildSchema(printSchema(supergraph.apiSchema().toGraphQLJSSchema()))
await startStandaloneServer(new ApolloServer({ schema, rootValue }), {
  listen: { host: '127.0.0.1', port: Number(process.env['PORT']) },
})
