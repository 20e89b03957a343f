import DataLoader from 'dataloader'
import { limits } from '../limits.ts'
import { canonical } from '../wire.ts'

/** What forgets all that it has read. */
export interface Clearable {
  clearAll(): unknown
}

type Fetch<T> = (keys: readonly string[]) => Promise<readonly T[]>

/** A row with its key in a column; where that is null, it has none. */
type Keyed<C extends string> = { readonly [K in C]: string | null }

/** A loader of one row per key, which `keyOf` makes of the row: keeps order, gives null for what is not there, one fetch per batch. */
export const byKeyOf = <T>(fetch: Fetch<T>, keyOf: (row: T) => string) =>
  new DataLoader<string, T | null>(
    async (keys) => {
      const rows = new Map((await fetch(keys)).map((row) => [keyOf(row), row]))
      return keys.map((key) => rows.get(key) ?? null)
    },
    { maxBatchSize: limits.loaderBatchMax },
  )

/** A loader of one row per key, which is in a column. */
export const byKey = <C extends string, T extends Keyed<C>>(fetch: Fetch<T>, column: C) => byKeyOf(fetch, (row) => row[column]!)

/** A loader of all rows of one key, which is in a column (in the order fetched), one fetch per batch. */
export const groupBy = <C extends string, T extends Keyed<C>>(fetch: Fetch<T>, column: C) =>
  new DataLoader<string, readonly T[]>(
    async (keys) => {
      const groups = new Map<string, T[]>(keys.map((key) => [key, []]))
      for (const row of await fetch(keys)) groups.get(row[column]!)?.push(row)
      return keys.map((key) => groups.get(key) ?? [])
    },
    { maxBatchSize: limits.loaderBatchMax },
  )

/** One loader for each set of arguments: pages never mix, and the same page of many parents is one fetch. */
export function perArguments<A, L>(open: (args: A) => L): ((args: A) => L) & Clearable {
  const opened = new Map<string, L>()
  const loaderFor = (args: A): L => {
    const key = canonical(args)
    const loader = opened.get(key) ?? open(args)
    opened.set(key, loader)
    return loader
  }
  return Object.assign(loaderFor, { clearAll: () => opened.clear() })
}

/** The loaders of a request as one that forgets: what a mutation has changed is read afresh. */
export const clearable = <L extends Readonly<Record<string, Clearable>>>(loaders: L): L & Clearable => ({
  ...loaders,
  clearAll: () => Object.values(loaders).forEach((loader) => void loader.clearAll()),
})
