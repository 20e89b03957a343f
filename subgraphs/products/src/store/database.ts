import { openDatabase, type Prisma, type PrismaClient } from '@pasar/prisma-products/client'

export { openDatabase }

/** The products database. */
export type Db = PrismaClient

/** A transaction in it. */
export type Tx = Prisma.TransactionClient

const uniqueViolation = 'P2002'

/** Whether a write failed because another row has the same unique value. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === uniqueViolation
