import { openDatabase, type PrismaClient } from '@pasar/prisma-orders/client'
import type { SqlSeam } from '@pasar/shared/postgres/seam'

export { openDatabase }

/** The orders database. */
export type Db = PrismaClient

/** A transaction on the orders database: SQL and nothing else, because every purchase goes through several. */
export type Tx = SqlSeam
