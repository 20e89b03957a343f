import { idParser, newId, type Id } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { optionally, parseText } from '../domain/input.ts'
import type { CategoryInput } from '../generated/resolvers.ts'
import { noteAct } from '../staff.ts'
import { findCategories, findSibling } from '../store/categories.ts'
import type { Tx } from '../store/database.ts'

/** A category that was checked. */
export interface CategoryFields {
  readonly id: Id<'category'>
  readonly name: string
  readonly englishName: string | null
  readonly parentId: string | null
}

const parseParent = (raw: string): string => idParser('category')(raw, 'parentId')

/** Adds a category to the tree; the act of an admin, so it is audited. */
export function createCategory(ctx: ProductsContext, input: CategoryInput) {
  const fields: CategoryFields = {
    id: newId('category'),
    name: parseText(input.name, 'name'),
    englishName: optionally(input.englishName, (name) => parseText(name, 'englishName')) ?? null,
    parentId: optionally(input.parentId, parseParent) ?? null,
  }
  return runCommand(ctx.deps.transaction, async (tx) => {
    const result = await insertCategory(tx, fields)
    if (result.__typename !== 'CreateCategorySuccess') return result
    await noteAct(tx, ctx, { action: 'createCategory', subjectId: fields.id, reason: null })
    return result
  })
}

/** Puts a category below its parent, whoever asks for it. */
export async function insertCategory(tx: Tx, { id, name, englishName, parentId }: CategoryFields) {
  const [parent] = parentId === null ? [] : await findCategories(tx, [parentId])
  if (parentId !== null && !parent) return problem('CategoryNotFound', { categoryId: parentId })
  const path = [...(parent?.path ?? []), id]
  if (path.length > bounds.categoryDepthMax) return problem('CategoryTooDeep', { most: bounds.categoryDepthMax })
  const { count } = await tx.category.createMany({ data: [{ id, parentId, name, englishName, path }], skipDuplicates: true })
  if (count === 1) return { __typename: 'CreateCategorySuccess', categoryId: id } as const
  const sibling = await findSibling(tx, parentId, name)
  return problem('CategoryExists', { categoryId: sibling?.id ?? id })
}
