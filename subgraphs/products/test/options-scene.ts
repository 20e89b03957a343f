import { act, makeDraft, makeProduct, read, variantInput, type TestMarket, type TestProduct, type TestShop } from './support.ts'

type Row = Record<string, unknown>

/** An option as a client sends it. */
export const option = (name: string, values: readonly string[]) => ({ name, values: values.map((value) => ({ name: value })) })

/** Colours and sizes. */
export const shirt = [option('Warna', ['Merah', 'Biru']), option('Ukuran', ['M', 'L'])]

/** What was chosen of a shirt. */
export const chosen = (colour: string, size: string) => [
  { name: 'Warna', value: colour },
  { name: 'Ukuran', value: size },
]

/** A variant that has no name of its own. */
export function shirtOf(colour: string, size: string, changes: Row = {}): Row {
  const { name: _, ...rest } = variantInput(changes)
  return { ...rest, options: chosen(colour, size) }
}

/** A shirt on sale: red in both sizes, and blue in M. */
export const makeShirt = (market: TestMarket, shop: TestShop): Promise<TestProduct> =>
  makeProduct(market, shop, { options: shirt, variants: [shirtOf('Merah', 'M'), shirtOf('Merah', 'L'), shirtOf('Biru', 'M')] })

/** A draft whose variants have names of their own. */
export const makePlain = (market: TestMarket, shop: TestShop, names: readonly string[]): Promise<TestProduct> =>
  makeDraft(market, shop, { variants: names.map((name) => variantInput({ name })) })

const query = `query ($id: ID!, $selected: [SelectedOptionInput!]!) { product(id: $id) {
  version options { name values } variants { id name version selectedOptions { name value } } variantBySelectedOptions(selected: $selected) { id } } }`

/** What a page shows. */
export interface Page {
  readonly version: number
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[]
  readonly variants: readonly {
    readonly id: string
    readonly name: string
    readonly version: number
    readonly selectedOptions: readonly { readonly name: string; readonly value: string }[]
  }[]
  readonly variantBySelectedOptions: { readonly id: string } | null
}

/** The page of a product, and what it finds for a choice. */
export async function pageOf(
  market: TestMarket,
  id: string,
  { as, selected = [] }: { as?: TestShop['seller']; selected?: readonly { name: string; value: string }[] } = {},
): Promise<Page> {
  const { product } = await read(market, query, { ...(as && { as }), variables: { id, selected } })
  return product as Page
}

/** Names of variants as their seller sees them. */
export const namesOf = async (market: TestMarket, { seller }: TestShop, { productId }: TestProduct): Promise<string[]> =>
  (await pageOf(market, productId, { as: seller })).variants.map(({ name }) => name)

const told = `... on OptionsMismatch { code field options { name values } variantIds }
  ... on OptionsTaken { code values variantId }`

/** Says what a product lets people choose. */
export const setOptions = (market: TestMarket, { seller }: TestShop, input: Row) =>
  act(market, seller, [
    'setProductOptions',
    input,
    `${told} ... on VariantNotFound { variantId } ... on StaleProduct { version }`,
  ])

/** Adds a variant, and shows its id and name. */
export const add = (market: TestMarket, { seller }: TestShop, input: Row) =>
  act(market, seller, ['addVariant', input, `... on AddVariantSuccess { variant { id name } } ${told}`])

/** Changes a variant, and shows its name. */
export const change = (market: TestMarket, { seller }: TestShop, input: Row) =>
  act(market, seller, ['changeVariant', input, `... on ChangeVariantSuccess { variant { name } } ${told}`])
