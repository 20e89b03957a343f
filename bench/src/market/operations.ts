import { categoryId, productId, size, words } from './plan.ts'

/** An operation of a storefront. */
export interface MarketOperation {
  readonly name: string
  readonly about: string
  /** JSON texts with different variables, so that few equal ones are under way at a time. */
  readonly bodies: readonly string[]
  /** How much of the bare server's rate is wanted. */
  readonly shareMin: number
  /** Whether an answer holds what the operation is about. */
  readonly holds: (data: Readonly<Record<string, unknown>>) => boolean
}

const productPage = `query ProductPage($productId: ID!) {
  product(id: $productId) {
    id
    title
    description
    images { url altText }
    variants { id sku name price { amount formatted } available }
    rating { average count }
    shop { id slug name }
  }
}`

const card = `id title images { url altText } minPrice { amount formatted } inStock rating { average count } shop { id name }`

const list = `query Browse($filter: ProductFilter, $first: Int = 20) {
  products(filter: $filter, sort: BEST_SELLING, first: $first) { edges { node { ${card} } } pageInfo { hasNextPage endCursor } }
}`

const facets = `total inStock categories { category { id name } count } regencies { code name count } ratings { atLeast count }`

const search = `query Search($filter: ProductFilter!, $first: Int = 20) {
  products(filter: $filter, sort: RELEVANCE, first: $first) { edges { node { ${card} } } pageInfo { hasNextPage endCursor } }
  productFacets(filter: $filter) { ${facets} }
}`

const bodies = (query: string, operationName: string, variables: readonly object[]) =>
  variables.map((each) => JSON.stringify({ query, operationName, variables: each }))

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

interface Page {
  readonly products?: { readonly edges: readonly unknown[] }
  readonly productFacets?: { readonly total: number }
}
const twenty = (data: Page) => data.products?.edges.length === 20

interface ProductAnswer {
  readonly product?: { readonly variants: readonly unknown[]; readonly shop: { readonly name?: string } }
}

/** What a storefront asks most. */
export const operations: readonly MarketOperation[] = [
  {
    name: 'product page',
    about: 'variants, prices, stock, shop, rating',
    bodies: bodies(
      productPage,
      'ProductPage',
      range(1_000).map((index) => ({ productId: productId((index * 2) % size.products) })),
    ),
    shareMin: 0.12,
    holds: ({ product }: ProductAnswer) => product?.variants.length === size.variants && product.shop.name !== undefined,
  },
  {
    name: 'list of 20',
    about: 'a category by what sells best',
    bodies: bodies(
      list,
      'Browse',
      range(240).map((index) => ({ filter: { categoryId: categoryId(index % size.categories), minPrice: index * 100 } })),
    ),
    shareMin: 0.06,
    holds: twenty,
  },
  {
    name: 'text search of 20',
    about: 'by relevance, with the counts of its facets',
    bodies: bodies(
      search,
      'Search',
      range(260).map((index) => ({
        filter: { text: words.goods[index % words.goods.length]!.toLowerCase(), minPrice: index * 100 },
      })),
    ),
    shareMin: 0.04,
    holds: (data: Page) => twenty(data) && (data.productFacets?.total ?? 0) >= 20,
  },
]
