/** The part of a Prisma client or transaction that messaging needs. */
export interface SqlSeam {
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): Promise<T>
  $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>
}
