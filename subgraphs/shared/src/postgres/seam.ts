/** SQL over a Prisma client, a transaction or a pool of connections. */
export interface SqlSeam {
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): Promise<T>
  $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>
}

/** A transaction that can commit together with its last statement. */
export interface EndingSeam extends SqlSeam {
  $executeLast(query: string, ...values: unknown[]): Promise<number>
}

/** Sends what a transaction does last, with its commit where it can: whatever came behind it would be no part of it. */
export const executeLast = (tx: SqlSeam | EndingSeam, query: string, ...values: unknown[]): Promise<number> =>
  '$executeLast' in tx ? tx.$executeLast(query, ...values) : tx.$executeRawUnsafe(query, ...values)

/** Reads rows. */
export type Reads = Pick<SqlSeam, '$queryRawUnsafe'>

/** As SQL, what has a name to itself until the transaction ends, as part of a statement that reads nothing which the wait may make old. */
export const lockingName = (value: string): string => `pg_advisory_xact_lock(hashtextextended(${value}, 0))`

/** Has a name to itself until the transaction ends, whether or not there is a row for it; whoever wants the same one waits. */
export const lockName = (tx: SqlSeam, name: string): Promise<number> => tx.$executeRawUnsafe(`SELECT ${lockingName('$1')}`, name)
