import type { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/client.ts'

/** The typed client of the carts database, over an adapter that the process opened. */
// Without the source of the call, for which Prisma would take a stack at every query.
export const openDatabase = (adapter: PrismaPg): PrismaClient => new PrismaClient({ adapter, errorFormat: 'minimal' })

export type { PrismaClient } from './generated/client.ts'
