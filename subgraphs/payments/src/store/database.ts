import type { PrismaClient } from '@pasar/prisma-payments/client'
import type { SqlSeam } from '@pasar/shared/seam'

/** The payments database. */
export type Database = PrismaClient

/** One transaction on it: SQL and nothing else, because money moves many times a second. */
export type Tx = SqlSeam
