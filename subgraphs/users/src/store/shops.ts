import { likeText } from '@pasar/shared/bounded-text'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import { afterId, type Page } from '@pasar/shared/subgraph/page'
import type { ShopProfile } from '../domain/shop.ts'
import type { ShopRow, Tx } from './database.ts'

const byIds = `SELECT id, owner_id AS "ownerId", slug, name, description, regency_code AS "regencyCode", suspended_at AS "suspendedAt",
  suspension_reason AS "suspensionReason", version, created_at AS "createdAt" FROM shop WHERE id = ${anyOf('$1::text[]')}`

export const findShops = (db: SqlSeam, ids: readonly string[]): Promise<ShopRow[]> => db.$queryRawUnsafe(byIds, ids)

export const findShopsBySlug = (db: Tx, slugs: readonly string[]): Promise<ShopRow[]> =>
  db.shop.findMany({ where: { slug: { in: [...slugs] } } })

/** Shops of accounts, each account's oldest first. */
export const findShopsOf = (db: Tx, ownerIds: readonly string[]): Promise<ShopRow[]> =>
  db.shop.findMany({ where: { ownerId: { in: [...ownerIds] } }, orderBy: { id: 'asc' } })

/** Shops that may sell, newest first; one more than asked for. */
export function searchShops(db: Tx, search: string | undefined, page: Page): Promise<ShopRow[]> {
  const after = afterId(page)
  const before = after === undefined ? {} : { id: { lt: after } }
  const named = search === undefined ? {} : { name: { contains: likeText(search), mode: 'insensitive' as const } }
  return db.shop.findMany({ where: { suspendedAt: null, AND: [before, named] }, orderBy: { id: 'desc' }, take: page.first + 1 })
}

/** Says whether it was made: the slug (or the id, in an import that runs again) may be taken. */
export async function insertShop(
  tx: Tx,
  shop: ShopProfile & Pick<ShopRow, 'id' | 'ownerId' | 'slug' | 'createdAt'>,
): Promise<boolean> {
  const { count } = await tx.shop.createMany({ data: [shop], skipDuplicates: true })
  return count === 1
}

/** Changes a shop of an owner, if it has the version; gives the shop as it is now. */
export async function updateShop(
  tx: Tx,
  { id, ownerId, version }: { id: string; ownerId: string; version?: number | undefined },
  change: Partial<ShopProfile>,
) {
  const where = { id, ownerId, ...(version !== undefined && { version }) }
  const [shop] = await tx.shop.updateManyAndReturn({ where, data: { ...change, version: { increment: 1 } } })
  return shop
}

/** Suspends a shop, or all of an owner; gives those that were not suspended before. */
export async function suspendShopRows(
  tx: Tx,
  which: { readonly id: string } | { readonly ownerId: string },
  { at, reason }: { at: Date; reason: string },
): Promise<ShopRow[]> {
  const data = { suspendedAt: at, suspensionReason: reason, version: { increment: 1 } }
  return tx.shop.updateManyAndReturn({ where: { ...which, suspendedAt: null }, data })
}

/** Says whether it changed anything. */
export async function reinstateShopRow(tx: Tx, id: string): Promise<boolean> {
  const data = { suspendedAt: null, suspensionReason: null, version: { increment: 1 } }
  const { count } = await tx.shop.updateMany({ where: { id, NOT: { suspendedAt: null } }, data })
  return count > 0
}
