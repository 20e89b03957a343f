import { openDatabase, type Prisma } from '@pasar/prisma-logistics/client'

export { openDatabase }

/** A transaction on the logistics database. */
export type Tx = Prisma.TransactionClient
