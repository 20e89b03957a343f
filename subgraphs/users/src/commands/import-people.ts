import type { Clock } from '@pasar/shared/clock'
import type { Id } from '@pasar/shared/ids'
import { enqueueAll } from '@pasar/shared/events/outbox'
import { Conflict } from '@pasar/shared/problems'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import { parseAddress, type AddressParts } from '../domain/address.ts'
import { parseEmail } from '../domain/email.ts'
import { parseShopProfile, parseSlug, type ShopProfile } from '../domain/shop.ts'
import type { Passwords } from '../passwords.ts'
import { findAccounts, findAccountsByEmail, type NewAccount } from '../store/accounts.ts'
import type { Db, Tx } from '../store/database.ts'
import { addAccounts, addAddresses, addShops } from '../store/imports.ts'
import { findShops, findShopsBySlug } from '../store/shops.ts'
import { accountOf, accountRegistered, type AccountSeed } from './create-account.ts'
import { shopOpened, type NewShop } from './create-shop.ts'

/** An account that an import brings. */
export type ImportedAccount = AccountSeed & { readonly id: Id<'account'> }

/** An address that an import brings; an account that has no default address gets one. */
export interface ImportedAddress extends AddressParts {
  readonly id: Id<'address'>
  readonly accountId: Id<'account'>
}

/** What an import brings; ids are derived, so that a second run finds the same people. */
export interface ImportedPeople {
  readonly accounts: readonly ImportedAccount[]
  readonly addresses: readonly ImportedAddress[]
  readonly shops: readonly NewShop[]
}

/** How many rows of each kind were new, and how many were there already. */
export type ImportedPeopleCounts = Readonly<
  Record<keyof ImportedPeople, { readonly inserted: number; readonly unchanged: number }>
>

/** What importing works with. */
export interface ImportDeps {
  readonly db: Db
  readonly transaction: Transaction<Tx>
  readonly clock: Clock
  readonly passwords: Pick<Passwords, 'hash'>
}

/** For imports, the demo market's among them, not in the graph: writes the people and shops that are not there yet, in one transaction. */
export async function importPeople(deps: ImportDeps, people: ImportedPeople): Promise<ImportedPeopleCounts> {
  const { clock, transaction } = deps
  const createdAt = clock.now()
  const accounts = await newAccounts(deps, people.accounts)
  const addresses = people.addresses.map((address) => ({ ...address, ...addressParts(address), createdAt }))
  const shops = people.shops.map((shop) => ({ ...shop, ...shopParts(shop), createdAt }))
  const added = await transaction(async (tx) => {
    const accountIds = await addAccounts(tx, accounts)
    await refuseTakenEmails(tx, people)
    const addressIds = await addAddresses(tx, addresses)
    const shopIds = new Set(await addShops(tx, shops))
    await refuseTakenSlugs(tx, people)
    await enqueueAll(tx, clock, [
      ...accountIds.map(accountRegistered),
      ...shops.filter(({ id }) => shopIds.has(id)).map(shopOpened),
    ])
    return { accounts: accountIds.length, addresses: addressIds.length, shops: shopIds.size }
  })
  const count = (kind: keyof ImportedPeople) => ({ inserted: added[kind], unchanged: people[kind].length - added[kind] })
  return { accounts: count('accounts'), addresses: count('addresses'), shops: count('shops') }
}

/** Shops whose word in links somebody else's shop has, or whose owner's e-mail address somebody else's account. */
export async function findTaken(
  db: Db,
  { accounts, shops }: Pick<ImportedPeople, 'accounts' | 'shops'>,
): Promise<ReadonlySet<string>> {
  const ownerOf = new Map(accounts.map(({ id, email }) => [parseEmail(email).key, id]))
  const shopOf = new Map(shops.map(({ id, slug }) => [slug, id]))
  const sameEmail = await findAccountsByEmail(db, [...ownerOf.keys()])
  const sameSlug = await findShopsBySlug(db, [...shopOf.keys()])
  const owners = new Set(
    sameEmail.filter(({ id, emailKey }) => ownerOf.get(emailKey) !== id).map(({ emailKey }) => ownerOf.get(emailKey)),
  )
  const words = new Set(sameSlug.filter(({ id, slug }) => shopOf.get(slug) !== id).map(({ slug }) => slug))
  return new Set(shops.filter(({ ownerId, slug }) => owners.has(ownerId) || words.has(slug)).map(({ id }) => id))
}

/** Hashing has a price, so accounts that are there already are left out before it. */
async function newAccounts({ db, clock, passwords }: ImportDeps, accounts: readonly ImportedAccount[]): Promise<NewAccount[]> {
  const ids = accounts.map(({ id }) => id)
  const known = new Set((await findAccounts(db, ids)).map(({ id }) => id))
  const missing = accounts.filter(({ id }) => !known.has(id))
  return Promise.all(missing.map(async (account) => ({ ...(await accountOf(account, passwords)), createdAt: clock.now() })))
}

function addressParts(address: ImportedAddress): AddressParts {
  const { label, recipient, phone, street, districtCode, postalCode } = address
  const parts = parseAddress<AddressParts>({ label, recipient, phone, street, districtCode, postalCode })
  if ('code' in parts) throw new Error(`${address.id}: there is no district ${districtCode}`)
  return parts
}

function shopParts({ slug, name, description, regencyCode }: NewShop): ShopProfile & { readonly slug: string } {
  const profile = parseShopProfile<ShopProfile>({ name, description, regencyCode })
  if ('code' in profile) throw new Error(`${slug}: there is no regency ${regencyCode}`)
  return { ...profile, slug: parseSlug(slug) }
}

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)

/** What was just written and is not there under its id is someone else's, who had the e-mail address first. */
async function refuseTakenEmails(tx: Tx, { accounts }: ImportedPeople): Promise<void> {
  const known = new Set(idsOf(await findAccounts(tx, idsOf(accounts))))
  const taken = accounts.find(({ id }) => !known.has(id))
  if (taken) {
    throw new Conflict({
      id: `Alamat email ${taken.email} milik akun lain`,
      en: `The e-mail address ${taken.email} belongs to another account`,
    })
  }
}

async function refuseTakenSlugs(tx: Tx, { shops }: ImportedPeople): Promise<void> {
  const known = new Set(idsOf(await findShops(tx, idsOf(shops))))
  const taken = shops.find(({ id }) => !known.has(id))
  if (taken) {
    throw new Conflict({ id: `Slug ${taken.slug} milik toko lain`, en: `The slug ${taken.slug} belongs to another shop` })
  }
}
