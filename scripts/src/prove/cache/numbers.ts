/** A share of hits, with three decimals. */
export const rate = (hits: number, misses: number) => Math.round((1_000 * hits) / Math.max(1, hits + misses)) / 1_000

/** Quantiles of some milliseconds. */
export function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 10) / 10
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) }
}
