import { openDatabase, type PrismaClient } from '@pasar/prisma-payments/client'
import type { SqlSeam } from '@pasar/shared/postgres/seam'

export { openDatabase }

/** The payments database. */
export type Db = PrismaClient

/** A transaction on it: SQL and nothing else, because money moves many times a second. */
export type Tx = SqlSeam
