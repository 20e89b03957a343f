import { openDatabase, type Prisma, type PrismaClient } from '@pasar/prisma-users/client'

export { openDatabase }

/** The users database. */
export type Db = PrismaClient

/** A transaction on it; the database itself is one too. */
export type Tx = Prisma.TransactionClient

/** Whether a write failed because another row has the same unique value. */
export const isTaken = (error: unknown): boolean => error instanceof Error && (error as { code?: unknown }).code === 'P2002'

/** An account as it is kept. */
export type AccountRow = Prisma.AccountGetPayload<object>

/** An address as it is kept. */
export type AddressRow = Prisma.AddressGetPayload<object>

/** A shop as it is kept. */
export type ShopRow = Prisma.ShopGetPayload<object>

/** An entry of the audit log. */
export type AuditRow = Prisma.AuditEntryGetPayload<object>
