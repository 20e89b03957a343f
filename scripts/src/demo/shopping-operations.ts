import type { Operation } from './operation.ts'

/** An amount of rupiah as the graph gives it. */
export interface Money {
  readonly amount: number
}

/** Something with an id. */
export interface WithId {
  readonly id: string
}

/** A list as the graph gives it. */
export interface Listed<T> {
  readonly edges: readonly { readonly node: T }[]
}

/** A variant as the shelf shows it. */
export interface ShelfVariant extends WithId {
  readonly name: string
  readonly available: number
}

/** A product as the shelf shows it. */
export interface ShelfProduct extends WithId {
  readonly title: string
  readonly variants: readonly ShelfVariant[]
}

export const browseShop: Operation<{ name: string; products: Listed<ShelfProduct> } | null> = `query BrowseShop($shopId: ID!) {
  shop(id: $shopId) { name products(sort: BEST_SELLING, first: 50) { edges { node { id title variants { id name available } } } } }
}`

export const stockOfProduct: Operation<{ variants: readonly ShelfVariant[] } | null> = `query StockOfProduct($productId: ID!) {
  product(id: $productId) { variants { id name available } }
}`

export const createCart: Operation<{ cartToken: string }> = `mutation CreateCart {
  createCart { ... on CreateCartSuccess { cartToken } }
}`

export const addToCart: Operation<{ line: WithId }> = `mutation AddToCart($input: AddToCartInput!) {
  addToCart(input: $input) { ... on AddToCartSuccess { line { id } } ... on Problem { code message } }
}`

/** Who has signed in, and with what. */
export interface Session {
  readonly account: WithId
  readonly tokens: { readonly access: { readonly token: string } }
}

const session = 'account { id } tokens { access { token } }'

export const register: Operation<Session> = `mutation Register($input: RegisterInput!) {
  register(input: $input) { ... on RegisterSuccess { ${session} } ... on Problem { code message } }
}`

export const signIn: Operation<Session> = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { ... on SignInSuccess { ${session} } ... on Problem { code message } }
}`

export const mergeCarts: Operation<{ cart: { groups: readonly WithId[] } }> = `mutation MergeCarts($input: MergeCartsInput!) {
  mergeCarts(input: $input) { ... on MergeCartsSuccess { cart { groups { id } } } ... on Problem { code message } }
}`

export const searchRegencies: Operation<readonly { code: string }[]> = `query SearchRegencies($text: String!) {
  searchRegencies(text: $text) { code }
}`

export const districts: Operation<readonly { code: string }[]> = `query Districts($regencyCode: String!) {
  districts(regencyCode: $regencyCode) { code }
}`

export const addAddress: Operation<{ address: WithId }> = `mutation AddAddress($input: AddAddressInput!) {
  addAddress(input: $input) { ... on AddAddressSuccess { address { id } } ... on Problem { code message } }
}`

export const setDestination: Operation<{ cart: WithId }> = `mutation SetDestination($input: SetDestinationInput!) {
  setDestination(input: $input) { ... on SetDestinationSuccess { cart { id } } ... on Problem { code message } }
}`

/** One shop's part of the cart. */
export interface CartGroup extends WithId {
  readonly shop: WithId
  readonly lines: readonly { readonly quantity: number; readonly variant: WithId }[]
  readonly shippingOptions: readonly { readonly courierService: WithId & { readonly name: string }; readonly cost: Money }[]
}

/** The cart as its buyer reads it before the checkout. */
export interface Cart extends WithId {
  readonly version: number
  readonly total: Money | null
  readonly groups: readonly CartGroup[]
}

export const readCart: Operation<Cart | null> = `query ReadCart {
  cart {
    id version total { amount }
    groups {
      id shop { id } lines { quantity variant { id } }
      shippingOptions { courierService { id name } cost { amount } }
    }
  }
}`

export const chooseShipping: Operation<{ group: { shippingCost: Money | null } }> =
  `mutation ChooseShipping($input: ChooseShippingInput!) {
  chooseShipping(input: $input) {
    ... on ChooseShippingSuccess { group { shippingCost { amount } } }
    ... on Problem { code message }
  }
}`
