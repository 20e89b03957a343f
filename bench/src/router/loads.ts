import { lightUserIds } from './subgraphs/data.ts'

/** One kind of requests. */
export interface Load {
  readonly name: string
  readonly about: string
  /** JSON texts of the operations, taken in turn. */
  readonly bodies: readonly string[]
  /** Values of the Authorization header, taken in turn; subgraphs get them, so nothing may be shared between two of them. */
  readonly authorizations: readonly string[]
  readonly connections: number
  /** Whether it is the one that gateways sharing equal requests are made for. */
  readonly identical: boolean
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
    identical: false,
  },
  {
    name: 'heavy',
    about: 'accounts and products with reviews of reviews',
    bodies: [heavyBody],
    authorizations,
    connections: 20,
    identical: false,
  },
  {
    name: 'identical',
    about: 'the heavy operation, all requests equal, of one viewer',
    bodies: [heavyBody],
    authorizations: authorizations.slice(0, 1),
    connections: 50,
    identical: true,
  },
]
