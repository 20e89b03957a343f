import { limits } from '@pasar/shared/limits'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf, type Send, type Statement } from '@pasar/shared/postgres/statement'
import type { AddressParts } from '../domain/address.ts'
import type { AddressRow, Tx } from './database.ts'

/** Which address, and whose it must be. */
export interface AddressKey {
  readonly id: string
  readonly accountId: string
}

const columns = `id, account_id AS "accountId", label, recipient, phone, street, district_code AS "districtCode",
  postal_code AS "postalCode", is_default AS "isDefault", created_at AS "createdAt"`

const byIds = `SELECT ${columns} FROM address WHERE id = ${anyOf('$1::text[]')}`

export const findAddresses = (db: SqlSeam, ids: readonly string[]): Promise<AddressRow[]> => db.$queryRawUnsafe(byIds, ids)

/** Address books, each oldest first. */
export const findAddressBooks = (db: Tx, accountIds: readonly string[]): Promise<AddressRow[]> =>
  db.address.findMany({ where: { accountId: { in: [...accountIds] } }, orderBy: { id: 'asc' } })

const own = `SELECT ${columns} FROM address WHERE id = $1 AND account_id = $2`

export const findOwnAddress = async (db: SqlSeam, { id, accountId }: AddressKey): Promise<AddressRow | undefined> =>
  (await db.$queryRawUnsafe<AddressRow[]>(own, id, accountId))[0]

const lock = `SELECT 1 FROM account WHERE id = $1 FOR UPDATE`

/** Lets one change of an account's default address happen after the other. */
export const lockAddressBook = (tx: Tx, accountId: string) => tx.$queryRawUnsafe(lock, accountId)

/** Counting locks the account's row: the first address of a book becomes its default. */
const insertion: Statement = {
  name: 'users_insert_address',
  text: `WITH place AS (UPDATE account SET address_count = address_count + 1 WHERE id = $2 AND address_count < $10 RETURNING address_count)
  INSERT INTO address (id, account_id, label, recipient, phone, street, district_code, postal_code, created_at, is_default)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, address_count = 1 FROM place RETURNING ${columns}`,
  writes: true,
}

/** An address that is to be put down. */
export type NewAddress = AddressKey & AddressParts & { readonly createdAt: Date }

/** Puts an address into its account's book; undefined when the book is full. Two requests at once wait for each other here. */
export async function insertAddress(send: Send, address: NewAddress): Promise<AddressRow | undefined> {
  const { id, accountId, label, recipient, phone, street, districtCode, postalCode, createdAt } = address
  const place = [street, districtCode, postalCode, createdAt, limits.addressesMax]
  return (await send<AddressRow>(insertion, id, accountId, label, recipient, phone, ...place))[0]
}

/** Says whether there is such an address. */
export async function updateAddress(tx: Tx, key: AddressKey, parts: Partial<AddressParts>): Promise<boolean> {
  const { count } = await tx.address.updateMany({ where: { ...key }, data: parts })
  return count > 0
}

/** Says whether there was such an address. */
export async function deleteAddress(tx: Tx, key: AddressKey): Promise<boolean> {
  const { count } = await tx.address.deleteMany({ where: { ...key } })
  return count > 0
}

/** Under lockAddressBook. Says whether there is such an address. */
export async function setDefaultAddress(tx: Tx, key: AddressKey): Promise<boolean> {
  if ((await tx.address.count({ where: { ...key } })) === 0) return false
  await tx.address.updateMany({
    where: { accountId: key.accountId, isDefault: true, NOT: { id: key.id } },
    data: { isDefault: false },
  })
  await tx.address.updateMany({ where: { ...key }, data: { isDefault: true } })
  return true
}

const promote = `UPDATE address SET is_default = true
  WHERE id = (SELECT min(id) FROM address WHERE account_id = $1)
    AND NOT EXISTS (SELECT 1 FROM address WHERE account_id = $1 AND is_default)`

/** Under lockAddressBook: makes the oldest address the default, where there is none. */
export async function ensureDefaultAddress(tx: Tx, accountId: string): Promise<void> {
  await tx.$executeRawUnsafe(promote, accountId)
}
