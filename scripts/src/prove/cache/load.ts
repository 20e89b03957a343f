import { newId } from '@pasar/shared/ids'
import { olderThan, type Older, type Told } from './figures.ts'
import type { Goods } from './goods.ts'
import type { People, Reader } from './people.ts'
import { readOnce } from './reads.ts'

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
  /** Times that a variant which is off was shown to somebody else than its seller. */
  readonly shownToOthers: number
}

const changePrice = `mutation P($input: ChangeVariantInput!) { changeVariant(input: $input) { ... on ChangeVariantSuccess { variant { id } } ... on Problem { code message } } }`
const setStock = `mutation S($input: AdjustStockInput!) { adjustStock(input: $input) { ... on AdjustStockSuccess { onHand } ... on Problem { code message } } }`
const rename = `mutation N($input: ChangeShopInput!) { changeShop(input: $input) { ... on ChangeShopSuccess { shop { id } } ... on Problem { code message } } }`
const review = `mutation R($input: SubmitReviewInput!) { submitReview(input: $input) { ... on SubmitReviewSuccess { review { id } } ... on Problem { code message } } }`

/** Writes and reads at the same time; compares every figure read with what had been told before the read began. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  let writing = true
  const { people, told } = options
  const totals = { reads: 0, figures: 0, older: [] as Older[], shownToOthers: 0 }
  const read = async (reader: Reader) => {
    while (writing) {
      const before = told.now()
      const { figures, hidden } = await readOnce(people, reader, totals.reads)
      totals.reads += 1
      totals.figures += figures.size
      totals.older.push(...olderThan(before, figures))
      if (hidden) totals.shownToOthers += 1
    }
  }
  // Two of each at once, so that misses meet.
  const reading = [...people.readers, ...people.readers].map(read)
  try {
    for (let n = 1; n <= options.writes; n += 1) await writeOnce(options, n)
    while (told.waiting > 0) await new Promise((resolve) => setImmediate(resolve))
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
