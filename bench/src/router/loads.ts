import { storefrontMix } from './storefront.ts'
import { lightUserIds } from './subgraphs/data.ts'

/** Of many viewers, all equal, or of guests who ask for what is popular. */
export type LoadKind = 'viewers' | 'identical' | 'storefront'

/** One kind of requests. */
export interface Load {
  readonly name: string
  readonly about: string
  /** JSON texts of the operations. */
  readonly bodies: readonly string[]
  /** Indexes of the bodies in the order in which they are sent; where there is none they are taken in turn. */
  readonly sequence?: readonly number[]
  /** Values of the Authorization header, taken in turn; subgraphs get them, so nothing may be shared between two of them. */
  readonly authorizations: readonly string[]
  readonly connections: number
  readonly kind: LoadKind
}

const light = `query Light($id: ID!) {
  user(id: $id) {
    id
    name
    username
    reviews {
      id
      body
      product {
        upc
        name
        price
        inStock
        shippingEstimate
      }
    }
  }
}`

const heavy = `fragment Person on User { id username name }
fragment Opinion on Review { id body }
fragment Goods on Product { inStock name price shippingEstimate upc weight }
fragment Others on Review { author { ...Person reviews { ...Opinion product { ...Goods } } } }
query Heavy {
  users {
    ...Person
    reviews { ...Opinion product { ...Goods reviews { ...Opinion ...Others } } }
  }
  topProducts {
    ...Goods
    reviews { ...Opinion ...Others }
  }
}`

const viewers = 500
const authorizations = Array.from({ length: viewers }, (_, index) => `Bearer viewer-${index + 1}`)
const heavyBody = JSON.stringify({ query: heavy, operationName: 'Heavy' })

/** What is measured, in this order. */
export const loads: readonly Load[] = [
  {
    name: 'light',
    about: 'an account with its reviews and their products',
    bodies: lightUserIds.map((id) => JSON.stringify({ query: light, operationName: 'Light', variables: { id } })),
    authorizations,
    connections: 20,
    kind: 'viewers',
  },
  {
    name: 'heavy',
    about: 'accounts and products with reviews of reviews',
    bodies: [heavyBody],
    authorizations,
    connections: 20,
    kind: 'viewers',
  },
  {
    name: 'identical',
    about: 'the heavy operation, all requests equal, of one viewer',
    bodies: [heavyBody],
    authorizations: authorizations.slice(0, 1),
    connections: 50,
    kind: 'identical',
  },
  {
    name: 'storefront',
    about: 'lists, product pages and profiles, of guests who ask for what is popular',
    ...storefrontMix(),
    authorizations: [''],
    connections: 50,
    kind: 'storefront',
  },
]
