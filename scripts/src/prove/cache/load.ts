import { newId } from '@pasar/shared/ids'
import type { Client } from '../../demo/client.ts'
import { numberIn, olderThan, type Figures, type Older, type Told } from './figures.ts'
import type { Goods } from './goods.ts'
import type { People, Reader } from './people.ts'

/** What a run of writers and readers is made of. */
export interface LoadOptions {
  readonly people: People
  readonly goods: Goods
  readonly told: Told
  readonly writes: number
  /** Names of earlier runs count up to here. */
  readonly after: number
  /** A number from 0 up to 1. */
  readonly random: () => number
}

/** What came of it. */
export interface LoadResult {
  readonly writes: number
  readonly reads: number
  /** Figures that were compared with what had been told. */
  readonly figures: number
  readonly older: readonly Older[]
}

const changePrice = `mutation P($input: ChangeVariantInput!) { changeVariant(input: $input) { ... on ChangeVariantSuccess { variant { id } } ... on Problem { code message } } }`
const setStock = `mutation S($input: AdjustStockInput!) { adjustStock(input: $input) { ... on AdjustStockSuccess { onHand } ... on Problem { code message } } }`
const rename = `mutation N($input: ChangeShopInput!) { changeShop(input: $input) { ... on ChangeShopSuccess { shop { id } } ... on Problem { code message } } }`
const review = `mutation R($input: SubmitReviewInput!) { submitReview(input: $input) { ... on SubmitReviewSuccess { review { id } } ... on Problem { code message } } }`

/** Cart, order and storefront lead to products and shops by reference: what the cache holds. */
const readCart = `query Cart($token: String) { cart(token: $token) {
  lines { variant { id price { amount } available } product { id title rating { count } } }
  groups { shop { id name } destination { street recipient } } } }`
const readShelf = `{ products(first: 20, sort: NEWEST) { edges { node { id shop { id name state } } } } }`

/** Writes and reads at the same time; compares every figure read with what had been told before the read began. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  let writing = true
  const totals = { reads: 0, figures: 0, older: [] as Older[] }
  const read = async (reader: Reader) => {
    while (writing) {
      const before = options.told.now()
      const found = await readOnce(reader)
      totals.reads += 1
      totals.figures += found.size
      totals.older.push(...olderThan(before, found))
    }
  }
  // Two of each at once, so that misses meet.
  const reading = [...options.people.readers, ...options.people.readers].map(read)
  try {
    for (let n = 1; n <= options.writes; n += 1) await writeOnce(options, n)
    while (options.told.waiting > 0) await new Promise((resolve) => setImmediate(resolve))
  } finally {
    writing = false
  }
  await Promise.all(reading)
  return { writes: options.writes, ...totals }
}

async function writeOnce(options: LoadOptions, n: number): Promise<void> {
  const { people, goods, told, random, after } = options
  const kind = Math.floor(random() * 4)
  const product = goods.products[Math.floor(random() * goods.products.length)]!
  const { variantId, warehouseId } = product
  if (kind === 0) {
    const price = 100_000 + n
    await people.seller.ask(changePrice, { input: { variantId, price } })
    told.wrote(`price ${variantId}`, price)
  } else if (kind === 1) {
    const onHand = 1_000 + n
    const input = { variantId, warehouseId, onHand, reason: 'COUNTED', idempotencyKey: newId('movement') }
    await people.seller.ask(setStock, { input })
    told.wrote(`available ${variantId}`, onHand)
  } else if (kind === 2) {
    await people.seller.ask(rename, { input: { shopId: goods.shopId, name: `Toko Bukti ${after + n}` } })
    told.wrote(`name ${goods.shopId}`, after + n)
  } else {
    const input = { orderLineId: product.orderLineIds[n - 1]!, rating: 5, text: 'Bagus.' }
    await people.buyer.ask(review, { input })
  }
}

interface CartSeen {
  readonly lines: readonly {
    readonly variant: { readonly id: string; readonly price: { readonly amount: number }; readonly available: number }
    readonly product: { readonly id: string; readonly rating: { readonly count: number } }
  }[]
  readonly groups: readonly { readonly shop: { readonly id: string; readonly name: string } }[]
}

async function readOnce({ client, cartToken }: Reader): Promise<Figures> {
  const [cart, shelf] = await Promise.all([
    client.ask<CartSeen>(readCart, cartToken === null ? {} : { token: cartToken }),
    client.ask<{ edges: readonly { node: { shop: { id: string; name: string } } }[] }>(readShelf),
  ])
  const figures = new Map<string, number>()
  for (const { variant, product } of cart.lines) {
    figures.set(`price ${variant.id}`, variant.price.amount)
    figures.set(`available ${variant.id}`, variant.available)
    figures.set(`reviews ${product.id}`, product.rating.count)
  }
  const shops = [...cart.groups.map(({ shop }) => shop), ...shelf.edges.map(({ node }) => node.shop)]
  for (const { id, name } of shops) {
    const figure = `name ${id}`
    // A shop that is read twice counts by its older reading.
    figures.set(figure, Math.min(numberIn(name), figures.get(figure) ?? Infinity))
  }
  return figures
}

/** Reads the same things again and again, without writers. */
export async function readMany({ people }: Pick<LoadOptions, 'people'>, times: number): Promise<number> {
  const began = performance.now()
  for (let n = 0; n < times; n += 1) await Promise.all(people.readers.map(readOnce))
  return performance.now() - began
}

/** The same question in many words at once: none of them is the other's, all of them miss the same entities. */
export async function askAtOnce({ client }: { readonly client: Client }, count: number): Promise<void> {
  const texts = Array.from({ length: count }, (_, n) => `# ${n}\n${readShelf}`)
  await Promise.all(texts.map((text) => client.ask(text)))
}
