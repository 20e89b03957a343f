import type { Client } from '../../demo/client.ts'
import { numberIn, type Figures } from './figures.ts'
import type { Goods } from './goods.ts'
import type { People, Reader } from './people.ts'

/** What a look said. */
export interface Seen {
  readonly figures: Figures
  /** Whether a variant was shown that is off. */
  readonly hidden: boolean
}

/** Cart, order and storefront lead to products and shops by reference; the other two are kept whole. */
const readCart = `query Cart($token: String) { cart(token: $token) {
  lines { variant { id price { amount } available } product { id title rating { count } } }
  groups { shop { id name } destination { street recipient } } } }`
const readShelf = `{ products(first: 20, sort: NEWEST) { edges { node { id minPrice { amount } rating { count } shop { id name state } } } } }`
const readPage = `query Page($id: ID!) { product(id: $id) {
  id rating { count } shop { id name } variants { id name price { amount } available } } }`

interface VariantSeen {
  readonly id: string
  readonly name?: string
  readonly price: { readonly amount: number }
  readonly available: number
}
interface Rated {
  readonly id: string
  readonly rating: { readonly count: number }
}
interface Named {
  readonly id: string
  readonly name: string
}
interface CartSeen {
  readonly lines: readonly { readonly variant: VariantSeen; readonly product: Rated }[]
  readonly groups: readonly { readonly shop: Named }[]
}
interface ShelfSeen {
  readonly edges: readonly { readonly node: Rated & { readonly minPrice: { readonly amount: number }; readonly shop: Named } }[]
}
type PageSeen = Rated & { readonly shop: Named; readonly variants: readonly VariantSeen[] }

/** Looks at everything that a reader looks at, and at the page of one product. */
export async function readOnce({ goods }: Pick<People, 'goods'>, { client, cartToken }: Reader, n: number): Promise<Seen> {
  const [cart, shelf, page] = await Promise.all([
    client.ask<CartSeen>(readCart, cartToken === null ? {} : { token: cartToken }),
    client.ask<ShelfSeen>(readShelf),
    askPage(client, goods, n),
  ])
  const figures = new Map<string, number>()
  // What is read twice counts by its older reading.
  const note = (figure: string, value: number) => figures.set(figure, Math.min(value, figures.get(figure) ?? Infinity))
  const nodes = shelf.edges.map(({ node }) => node)
  for (const { id, price, available } of [...cart.lines.map(({ variant }) => variant), ...variantsOf(page, goods)]) {
    note(`price ${id}`, price.amount)
    note(`available ${id}`, available)
  }
  for (const { id, minPrice } of nodes) {
    const thing = goods.products.find(({ productId }) => productId === id)
    if (thing) note(`price ${thing.variantId}`, minPrice.amount)
  }
  for (const { id, rating } of [...cart.lines.map(({ product }) => product), ...nodes, page]) note(`reviews ${id}`, rating.count)
  for (const { id, name } of [...cart.groups, ...nodes, page].map(({ shop }) => shop)) note(`name ${id}`, numberIn(name))
  return { figures, hidden: showsHidden(page, goods) }
}

const askPage = (client: Client, { products }: Goods, n: number): Promise<PageSeen> =>
  client.ask<PageSeen>(readPage, { id: products[n % products.length]!.productId })

const variantsOf = ({ variants }: PageSeen, { hiddenName }: Goods) => variants.filter(({ name }) => name !== hiddenName)

/** Everyone looks at the page with the variant that is off, its seller in between: who sees it. */
export async function lookAtHidden({ readers, seller, goods }: People, times: number) {
  const seen = { ownLooks: 0, hiddenFromOwner: 0, shownToOthers: 0 }
  for (let n = 0; n < times; n += 1) {
    for (const { client } of readers) {
      if (showsHidden(await askPage(client, goods, 0), goods)) seen.shownToOthers += 1
      seen.ownLooks += 1
      if (!showsHidden(await askPage(seller, goods, 0), goods)) seen.hiddenFromOwner += 1
    }
  }
  return seen
}

const showsHidden = ({ variants }: PageSeen, { hiddenName }: Goods) => variants.some(({ name }) => name === hiddenName)

/** Reads the same things again and again, without writers. */
export async function readMany(people: People, times: number): Promise<number> {
  const began = performance.now()
  for (let n = 0; n < times; n += 1) await Promise.all(people.readers.map((reader) => readOnce(people, reader, n)))
  return performance.now() - began
}

/** The same question in many words at once: none of them is the other's, all of them miss the same things. */
export async function askAtOnce({ client }: { readonly client: Client }, count: number): Promise<void> {
  const texts = Array.from({ length: count }, (_, n) => `# ${n}\n${readShelf}`)
  await Promise.all(texts.map((text) => client.ask(text)))
}
