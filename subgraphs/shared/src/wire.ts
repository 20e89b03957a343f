/** JSON that keeps bigint and Date: recorded outcomes go through here. */
export const toWire = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key, plain: unknown) {
    const original = this[key]
    if (typeof original === 'bigint') return { $bigint: original.toString() }
    if (original instanceof Date) return { $date: original.toISOString() }
    return plain
  })

/** The value that toWire wrote. */
export const fromWire = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => {
    if (value instanceof Object && '$bigint' in value) return BigInt(String(value.$bigint))
    if (value instanceof Object && '$date' in value) return new Date(String(value.$date))
    return value
  })

/** JSON with keys in order, so that equal inputs give equal text. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, plain: unknown) => {
    if (typeof plain === 'bigint') return plain.toString()
    if (plain instanceof Object && !Array.isArray(plain))
      return Object.fromEntries(Object.entries(plain).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    return plain
  })
