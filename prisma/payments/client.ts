import type { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/client.ts'

/** The typed client of the payments database, over an adapter that the process opened. */
export const openDatabase = (adapter: PrismaPg): PrismaClient => new PrismaClient({ adapter })

export type { Prisma, PrismaClient } from './generated/client.ts'
