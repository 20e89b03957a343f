import { openDatabase as openPrisma, type Prisma, type PrismaClient } from '@pasar/prisma-products/client'
import type { Postgres } from '@pasar/shared/postgres'

/** The products database. */
export type Db = PrismaClient

/** A transaction in it. */
export type Tx = Prisma.TransactionClient

/** Opens the products database over a pool. */
export const openDatabase = ({ adapter }: Postgres): Db => openPrisma(adapter)

const uniqueViolation = 'P2002'

/** Whether a write failed because another row has the same unique value. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === uniqueViolation
