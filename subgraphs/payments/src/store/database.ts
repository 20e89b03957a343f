import type { Prisma, PrismaClient } from '@pasar/prisma-payments/client'

/** The payments database. */
export type Database = PrismaClient

/** One transaction on it. */
export type Tx = Prisma.TransactionClient
