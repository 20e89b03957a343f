import DataLoader from 'dataloader'
import { limits } from './limits.ts'

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
