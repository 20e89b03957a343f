import DataLoader from 'dataloader'
import { limits } from './limits.ts'
import { canonical } from './wire.ts'

/** What forgets all that it has read. */
export interface Clearable {
  clearAll(): unknown
}

/** A loader of one row per key: keeps order, gives null for what is not there, one fetch per batch. */
export const byKey = <K extends string, T>(fetch: (keys: readonly K[]) => Promise<readonly T[]>, keyOf: (row: T) => K) =>
  new DataLoader<K, T | null>(
    async (keys) => {
      const rows = new Map((await fetch(keys)).map((row) => [keyOf(row), row]))
      return keys.map((key) => rows.get(key) ?? null)
    },
    { maxBatchSize: limits.loaderBatchMax },
  )

/** A loader of all rows of one key (in the order fetched), one fetch per batch. */
export const groupBy = <K extends string, T>(fetch: (keys: readonly K[]) => Promise<readonly T[]>, keyOf: (row: T) => K) =>
  new DataLoader<K, readonly T[]>(
    async (keys) => {
      const groups = new Map<K, T[]>(keys.map((key) => [key, []]))
      for (const row of await fetch(keys)) groups.get(keyOf(row))?.push(row)
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
