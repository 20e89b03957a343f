import { storefront } from './subgraphs/data.ts'

/** What is asked, and in which order. */
export interface Mix {
  readonly bodies: readonly string[]
  readonly sequence: readonly number[]
}

const list = `query Shelf($page: Int!) {
  shelf(page: $page) { upc name price inStock shippingEstimate reviews { id body } }
}`

const productPage = `query ProductPage($upc: String!) {
  product(upc: $upc) {
    upc
    name
    price
    weight
    inStock
    shippingEstimate
    reviews { id body author { id username name } }
  }
}`

const profile = `query Profile($id: ID!) {
  user(id: $id) { id name username reviews { id body product { upc name price inStock } } }
}`

const bodiesOf = (query: string, operationName: string, variables: readonly object[]) =>
  variables.map((each) => JSON.stringify({ query, operationName, variables: each }))

/** Each kind of page with how often it is asked for; of its bodies the first is the most popular one. */
const pages: readonly { readonly share: number; readonly bodies: readonly string[] }[] = [
  {
    share: 0.3,
    bodies: bodiesOf(
      list,
      'Shelf',
      storefront.pages.map((page) => ({ page })),
    ),
  },
  {
    share: 0.55,
    bodies: bodiesOf(
      productPage,
      'ProductPage',
      storefront.upcs.map((upc) => ({ upc })),
    ),
  },
  {
    share: 0.15,
    bodies: bodiesOf(
      profile,
      'Profile',
      storefront.userIds.map((id) => ({ id })),
    ),
  },
]

const requests = 8_000
const seed = 20_261_121

/** Popularity by Zipf's law (the second half as often as the first, the third a third as often), the same at every run. */
export function storefrontMix(): Mix {
  const draw = random(seed)
  const starts = pages.map((_, index) => pages.slice(0, index).reduce((sum, { bodies }) => sum + bodies.length, 0))
  const weights = pages.map(({ bodies }) => bodies.map((_, rank) => 1 / (rank + 1)))
  const shares = pages.map(({ share }) => share)
  const next = () => {
    const kind = drawn(shares, draw())
    return starts[kind]! + drawn(weights[kind]!, draw())
  }
  return { bodies: pages.flatMap(({ bodies }) => bodies), sequence: Array.from({ length: requests }, next) }
}

/** Index of the weight that a number from 0 to 1 falls on. */
function drawn(weights: readonly number[], at: number): number {
  let rest = at * weights.reduce((sum, each) => sum + each, 0)
  const found = weights.findIndex((weight) => (rest -= weight) < 0)
  return found < 0 ? weights.length - 1 : found
}

/** Mulberry32: numbers from 0 to 1. */
function random(from: number): () => number {
  let state = from
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
