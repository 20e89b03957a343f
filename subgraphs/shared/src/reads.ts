import pg from 'pg'
import type { SqlSeam } from './transaction.ts'

/** Reads rows; a Prisma client, a transaction or a pool of connections. */
export type Reads = Pick<SqlSeam, '$queryRawUnsafe'>

/** Texts that connections keep planned; a program has no more, unless somebody tries every combination of filters. */
const plannedMax = 500

/**
 * Reads over a pool, without Prisma between: the same rows, at a third of the processor time, and each text is parsed and planned once
 * per connection. For what storefronts read most.
 */
export function readsOver(pool: pg.Pool): Reads {
  const names = new Map<string, string>()
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text)
    if (known !== undefined || names.size >= plannedMax) return known
    const name = `read_${names.size + 1}`
    names.set(text, name)
    return name
  }
  return {
    async $queryRawUnsafe<T>(text: string, ...values: unknown[]) {
      const name = nameOf(text)
      const { rows } = await pool.query({ text, values, types, ...(name !== undefined && { name }) })
      return rows as T
    },
  }
}

const INT8: number = pg.types.builtins.INT8

/** Whole numbers of eight bytes are exact, as with Prisma; everything else is as the driver reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? BigInt : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
}
