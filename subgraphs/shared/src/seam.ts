/** SQL over a Prisma client, a transaction or a pool of connections. */
export interface SqlSeam {
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): Promise<T>
  $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>
}

/** Reads rows. */
export type Reads = Pick<SqlSeam, '$queryRawUnsafe'>
