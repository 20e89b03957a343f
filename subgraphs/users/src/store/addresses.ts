import type { AddressParts } from '../domain/address.ts'
import type { AddressRow, Tx } from './client.ts'

/** Which address, and whose it must be. */
export interface AddressKey {
  readonly id: string
  readonly accountId: string
}

export const findAddresses = (db: Tx, ids: readonly string[]): Promise<AddressRow[]> =>
  db.address.findMany({ where: { id: { in: [...ids] } } })

/** Address books, each oldest first. */
export const findAddressBooks = (db: Tx, accountIds: readonly string[]): Promise<AddressRow[]> =>
  db.address.findMany({ where: { accountId: { in: [...accountIds] } }, orderBy: { id: 'asc' } })

export const findOwnAddress = (db: Tx, key: AddressKey): Promise<AddressRow | null> =>
  db.address.findUnique({ where: { ...key } })

const lock = `SELECT 1 FROM account WHERE id = $1 FOR UPDATE`

/** Lets one change of an account's default address happen after the other. */
export const lockAddressBook = (tx: Tx, accountId: string) => tx.$queryRawUnsafe(lock, accountId)

export async function insertAddress(tx: Tx, address: AddressKey & AddressParts & { readonly createdAt: Date }): Promise<void> {
  await tx.address.create({ data: { ...address, isDefault: false } })
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
