import { openDatabase, type Prisma } from '@pasar/prisma-carts/client'

export { openDatabase }

/** A transaction on the carts database. */
export type Tx = Prisma.TransactionClient
