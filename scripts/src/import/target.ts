import { importListings } from '@pasar/products/commands/import-listings'
import type { ImportBatch, ImportCounts } from '@pasar/products/domain/import'
import { findCategories, findSibling } from '@pasar/products/store/categories'
import { openDatabase as openProductsDatabase, type Tx as ProductsTx } from '@pasar/products/store/database'
import { findProducts } from '@pasar/products/store/products'
import type { Clock } from '@pasar/shared/clock'
import type { Domain } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres/pool'
import type { Reads } from '@pasar/shared/postgres/seam'
import { transactionOf } from '@pasar/shared/postgres/transaction'
import { findTaken, importPeople, type ImportedPeople, type ImportedPeopleCounts } from '@pasar/users/commands/import-people'
import { openPasswords } from '@pasar/users/passwords'
import { findAccount, hasPasswords } from '@pasar/users/store/accounts'
import { openDatabase as openUsersDatabase, type Tx as UsersTx } from '@pasar/users/store/database'
import type { KeptProduct } from './plan.ts'

/** The databases that a seed or an import writes to. */
export interface ImportDatabases {
  readonly urlFor: (domain: Domain) => string
}

/** The two domains that imports write to, through their own commands. */
export interface ImportTarget {
  people(people: ImportedPeople): Promise<ImportedPeopleCounts>
  /** Ids of those of the shops that cannot have their words in links, or their owners' addresses. */
  taken(people: Pick<ImportedPeople, 'accounts' | 'shops'>): Promise<ReadonlySet<string>>
  listings(batch: ImportBatch): Promise<ImportCounts>
  /** Those of the products that are there already, from an earlier import. */
  products(ids: readonly string[]): Promise<readonly KeptProduct[]>
  hasAccount(id: string): Promise<boolean>
  /** Whether anybody can sign in. */
  hasPeople(): Promise<boolean>
  /** The id of a topmost category with this name, in whatever case. */
  topCategory(name: string): Promise<string | undefined>
  stop(): Promise<void>
}

/** Opens the stores of users and products; events go to their outboxes, from where a running market, or the next one, publishes them. */
export async function openImportTarget({ urlFor }: ImportDatabases, clock: Clock): Promise<ImportTarget> {
  const passwords = await openPasswords()
  const usersPostgres = openPostgres({ url: urlFor('users'), connectionsMax: 2 })
  const productsPostgres = openPostgres({ url: urlFor('products'), connectionsMax: 2 })
  const users = openUsersDatabase(usersPostgres.adapter)
  const products = openProductsDatabase(productsPostgres.adapter)
  const usersDeps = { db: users, transaction: transactionOf<UsersTx>(users), clock, passwords }
  const productsDeps = { transaction: transactionOf<ProductsTx>(products), clock }
  return {
    people: (people) => importPeople(usersDeps, people),
    taken: (people) => findTaken(users, people),
    listings: (batch) => importListings(productsDeps, batch),
    products: (ids) => findKept(products, ids),
    hasAccount: async (id) => (await findAccount(users, id)) !== null,
    hasPeople: () => hasPasswords(users),
    topCategory: async (name) => (await findSibling(products, null, name))?.id,
    stop: async () => {
      await Promise.all([users.$disconnect(), products.$disconnect()])
      await Promise.all([usersPostgres.stop(), productsPostgres.stop()])
    },
  }
}

async function findKept(db: Reads, ids: readonly string[]): Promise<KeptProduct[]> {
  const products = await findProducts(db, ids)
  const categories = await findCategories(db, [...new Set(products.map(({ categoryId }) => categoryId))])
  const names = new Map(categories.map(({ id, name }) => [id, name]))
  return products.map(({ id, shopId, categoryId }) => ({ id, shopId, category: names.get(categoryId)! }))
}
