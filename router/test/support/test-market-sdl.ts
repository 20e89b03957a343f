const common = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@shareable", "@authenticated", "@requiresScopes", "@composeDirective", "@inaccessible", "@cost"])
    @link(url: "https://pasar.example/specs/access/v1.0", import: ["@public"])
    @composeDirective(name: "@public")
  directive @public on FIELD_DEFINITION
`

/** A market with just the shapes that a router can get wrong. */
export const testMarketSdl = {
  orders: `${common}
    type Query {
      order(id: ID!): Order @authenticated
      newest: [Order!]! @authenticated
      ledger: String! @requiresScopes(scopes: [["admin"], ["support"]])
      search: [Hit!]! @public
      anything: Node @public
      echo(text: String): String @public
      whoAsks: String! @public
      broken: String @public
      promised: Promise @public
      card: Card @public
      sealed: Sealing @public
      tree(where: Where): String @public
      survey: String @public @cost(weight: 50)
    }
    type Mutation {
      signIn(email: String!): String! @public
      refreshSession(refreshToken: String!): String! @public
      pay(id: ID!): Order @authenticated
      note(text: String!): String! @public
    }
    type Subscription {
      orderUpdated(id: ID!): Order @authenticated
      orderEvents: OrderEvent! @public
      refusing: String @public
      stockChanged(upc: ID!, sizes: [ID!], after: String): StockChange! @public
    }
    type StockChange { cursor: String!  left: Int!  product: Product! }
    input Where { text: String  minPrice: Amount  and: [Where!] }
    scalar Amount
    interface Node { id: ID! }
    union Hit = Order | Product | Card | Label
    type Card implements Named @authenticated { number: String!  name: String }
    interface Named { name: String }
    type Label implements Named { name: String }
    interface Sealing { id: ID! }
    type Sealed implements Sealing @authenticated { id: ID! }
    interface OrderEvent { order: Order! }
    type Shipped implements OrderEvent { order: Order!  carrier: String! }
    type Paid implements OrderEvent { order: Order!  amount: Int! }
    type Promise { kept: String! }
    type Order implements Node @key(fields: "id") {
      id: ID!
      status: String!
      products: [Product!]!
      gift: Product
      gifts: [Product]
      margin: Int @requiresScopes(scopes: [["admin"]])
      private: String @authenticated
      secret: String
      requestId: String
    }
    type Product @key(fields: "upc") { upc: ID! }
  `,
  products: `${common}
    type Query { product(upc: ID!): Product @public  products: [Product!]! @public}
    type Product @key(fields: "upc") {
      upc: ID!
      name: String!
      weight: Int!
      price(currency: String = "IDR"): Int
      reviews(first: Int!): [String!]!
      cost: Int @requiresScopes(scopes: [["admin"]])
      viewedBy: String
      stock: Int
    }
  `,
  logistics: `${common}
    type Query { couriers: [String!]! @public }
    type Product @key(fields: "upc") { upc: ID!  weight: Int! @external  shippingCost: Int @requires(fields: "weight") }
    type Order @key(fields: "id") {
      id: ID!
      gift: Product @external
      gifts: [Product] @external
      wrapping: [String!]! @requires(fields: "gift { weight }")
      wrappings: [String!]! @requires(fields: "gifts { upc weight }")
    }
  `,
} as const

/** A subgraph of the test market. */
export type TestDomain = keyof typeof testMarketSdl
