import type { RowProblem } from './row.ts'

/** Kinds of rows that an import writes. */
export const importKinds = ['categories', 'accounts', 'shops', 'warehouses', 'products', 'variants', 'reviews'] as const

/** One of them. */
export type ImportKind = (typeof importKinds)[number]

/** How many rows of a kind were new, and how many were there already. */
export interface Counted {
  readonly inserted: number
  readonly unchanged: number
}

/** What an import has done so far. */
export interface Tally {
  readonly rows: { read: number; taken: number; refused: number }
  readonly inserted: Record<ImportKind, number>
  readonly unchanged: Record<ImportKind, number>
  /** What was said about rows: all in number, the first of them in words. */
  readonly remarks: { total: number; readonly first: RowProblem[] }
}

/** More would scroll away. */
const remarksShownMax = 50

const zeros = () => Object.fromEntries(importKinds.map((kind) => [kind, 0])) as Record<ImportKind, number>

/** The tally of an import that begins. */
export const newTally = (): Tally => ({
  rows: { read: 0, taken: 0, refused: 0 },
  inserted: zeros(),
  unchanged: zeros(),
  remarks: { total: 0, first: [] },
})

/** Counts a row. */
export function countRow({ rows, remarks }: Tally, { taken, remark }: { readonly taken: boolean; readonly remark?: RowProblem }) {
  rows.read += 1
  rows[taken ? 'taken' : 'refused'] += 1
  if (!remark) return
  remarks.total += 1
  if (remarks.first.length < remarksShownMax) remarks.first.push(remark)
}

/** Counts what a command wrote. */
export function countWritten({ inserted, unchanged }: Tally, counts: Partial<Record<ImportKind, Counted>>): void {
  for (const kind of importKinds) {
    inserted[kind] += counts[kind]?.inserted ?? 0
    unchanged[kind] += counts[kind]?.unchanged ?? 0
  }
}
