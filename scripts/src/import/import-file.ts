import { openPlan, productIdOf, underFreeWords, type Batch } from './plan.ts'
import { parseRow, type Row, type RowProblem } from './row.ts'
import type { ImportSource } from './source.ts'
import { countRow, countWritten, newTally, type Tally } from './tally.ts'
import type { ImportTarget } from './target.ts'

/** How far an import has come. */
export interface ImportProgress {
  readonly bytes: number
  readonly rows: number
}

/** What importing needs. */
export interface ImportOptions {
  readonly source: ImportSource
  readonly target: ImportTarget
  readonly onProgress?: (progress: ImportProgress) => void
  /** The batch in hand is finished, then nothing more is begun. */
  readonly signal?: AbortSignal
}

/** What an import did, and whether it was told to stop before the end. */
export type ImportSummary = Tally & { readonly stopped: boolean }

/** Rows of one pair of transactions. */
const batchRows = 200

/** Reads a file to its end and writes what is not there yet, batch by batch. What was written stays when a later batch fails. */
export async function importFile({ source, target, onProgress, signal }: ImportOptions): Promise<ImportSummary> {
  const plan = openPlan()
  const tally = newTally()
  const write = openWriter(target, tally)
  let bytes = 0
  let held: (Row | RowProblem)[] = []
  const flush = async () => {
    const ids = held.flatMap((row) => ('reason' in row ? [] : [productIdOf(row)]))
    const kept = new Map((await target.products(ids)).map((product) => [product.id, product]))
    for (const row of held)
      countRow(tally, 'reason' in row ? { taken: false, remark: row } : plan.add(row, kept.get(productIdOf(row))))
    held = []
    await write(plan.take())
    onProgress?.({ bytes, rows: tally.rows.read })
  }
  for await (const record of source.records((read) => (bytes = read))) {
    held.push('problem' in record ? { line: record.line, reason: record.problem } : parseRow(record.line, record.cells))
    if (held.length < batchRows) continue
    await flush()
    if (signal?.aborted) return { ...tally, stopped: true }
  }
  await flush()
  return { ...tally, stopped: false }
}

/** Writes batches: people first, so that nothing is on sale in a shop that nobody owns. */
function openWriter(target: ImportTarget, tally: Tally) {
  // Ids of categories of this name that the market has already under another id.
  const known = new Map<string, string>()
  return async ({ accounts, shops, categories, products, ...rest }: Batch): Promise<void> => {
    if (rest.reviews.length === 0) return
    if (shops.length > 0) {
      const people = underFreeWords({ accounts, shops }, await target.taken({ accounts, shops }))
      countWritten(tally, await target.people({ ...people, addresses: [] }))
    }
    for (const { id, name } of categories) {
      const there = await target.topCategory(name)
      if (there !== undefined) known.set(id, there)
    }
    const fresh = categories.filter(({ id }) => !known.has(id))
    countWritten(tally, { categories: { inserted: 0, unchanged: categories.length - fresh.length } })
    const placed = products.map((product) => ({ ...product, categoryId: known.get(product.categoryId) ?? product.categoryId }))
    countWritten(tally, await target.listings({ ...rest, products: placed, categories: fresh }))
  }
}
