import type { NewAccount } from './accounts.ts'
import type { AddressRow, ShopRow, Tx } from './database.ts'

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id)
const options = { skipDuplicates: true, select: { id: true } } as const

/** Gives the ids of those that were not there. */
export const addAccounts = async (tx: Tx, accounts: readonly NewAccount[]): Promise<string[]> =>
  idsOf(await tx.account.createManyAndReturn({ data: [...accounts], ...options }))

const countAddresses = `UPDATE account SET address_count = address_count + added.n
  FROM (SELECT account_id AS id, count(*)::integer AS n FROM address WHERE id = ANY ($1::text[]) GROUP BY account_id) AS added
  WHERE account.id = added.id`

const fillDefaults = `UPDATE address SET is_default = true
  WHERE id IN (SELECT min(id) FROM address WHERE account_id IN (SELECT account_id FROM address WHERE id = ANY ($1::text[]))
    GROUP BY account_id HAVING NOT bool_or(is_default))`

/** Gives the ids of those that were not there; an account without a default address gets its oldest one. */
export async function addAddresses(tx: Tx, addresses: readonly Omit<AddressRow, 'isDefault'>[]): Promise<string[]> {
  if (addresses.length === 0) return []
  const data = addresses.map((address) => ({ ...address, isDefault: false }))
  const ids = idsOf(await tx.address.createManyAndReturn({ data, ...options }))
  await tx.$executeRawUnsafe(countAddresses, ids)
  await tx.$executeRawUnsafe(fillDefaults, ids)
  return ids
}

const countShops = `UPDATE account SET shop_count = shop_count + added.n
  FROM (SELECT owner_id AS id, count(*)::integer AS n FROM shop WHERE id = ANY ($1::text[]) GROUP BY owner_id) AS added
  WHERE account.id = added.id`

/** Gives the ids of those that were not there; the database refuses an owner that would have too many. */
export async function addShops(
  tx: Tx,
  shops: readonly Pick<ShopRow, 'id' | 'ownerId' | 'slug' | 'name' | 'description' | 'regencyCode' | 'createdAt'>[],
): Promise<string[]> {
  if (shops.length === 0) return []
  const ids = idsOf(await tx.shop.createManyAndReturn({ data: [...shops], ...options }))
  await tx.$executeRawUnsafe(countShops, ids)
  return ids
}
