import { openDatabase, type Prisma, type PrismaClient } from '@pasar/prisma-orders/client'

export { openDatabase }

/** The orders database. */
export type Db = PrismaClient

/** A transaction on the orders database. */
export type Tx = Prisma.TransactionClient
