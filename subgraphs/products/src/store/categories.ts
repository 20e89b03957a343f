import { listOf, listOfEach, type Order, type Placed } from '@pasar/shared/subgraph/keyset'
import type { Page } from '@pasar/shared/subgraph/page'
import type { Reads } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { Tx } from './database.ts'

/** A category as it is kept. */
export interface CategoryRow {
  readonly id: string
  readonly parentId: string | null
  readonly name: string
  readonly englishName: string | null
  /** Ids from the topmost category down to this one. */
  readonly path: readonly string[]
}

const columns = `c.id, c.parent_id AS "parentId", c.name, c.english_name AS "englishName", c.path`

const byName: Order = {
  descending: false,
  columns: [
    { sql: 'c.name', kind: 'text' },
    { sql: 'c.id', kind: 'text' },
  ],
}

/** Categories by id. */
export const findCategories = (db: Reads, ids: readonly string[]): Promise<CategoryRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM category c WHERE c.id = ${anyOf('$1::text[]')}`, ids)

/** The category with this name among the children of another one (or among the topmost). */
export async function findSibling(db: Reads, parentId: string | null, name: string): Promise<CategoryRow | undefined> {
  const sql = `SELECT ${columns} FROM category c WHERE coalesce(c.parent_id, '') = coalesce($1::text, '') AND lower(c.name) = lower($2)`
  const [row] = await db.$queryRawUnsafe<CategoryRow[]>(sql, parentId, name)
  return row
}

/** One page (and one row more) of the children of each category. */
export const listChildren = (db: Reads, parentIds: readonly string[], page: Page): Promise<Placed<CategoryRow>[]> =>
  listOfEach(db, parentIds, { columns, from: 'category c', where: 'c.parent_id = owner.id', order: byName, page })

/** One page (and one row more) of the topmost categories. */
export const listTopmost = (db: Reads, page: Page): Promise<Placed<CategoryRow>[]> =>
  listOf(db, { columns, from: 'category c', where: 'c.parent_id IS NULL', order: byName, page })

/** Adds a category; says whether its parent had none of this name. */
export const addCategory = async (tx: Tx, { path, ...category }: CategoryRow): Promise<boolean> =>
  (await tx.category.createMany({ data: [{ ...category, path: [...path] }], skipDuplicates: true })).count > 0
