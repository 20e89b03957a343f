import { idParser, newId } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { optionally, parseText } from '../domain/input.ts'
import type { CategoryInput } from '../generated/resolvers.ts'
import { noteAct } from '../staff.ts'
import { addCategory, findCategories, findSibling } from '../store/categories.ts'

/** Adds a category to the tree; the act of an admin, so it is audited. */
export function createCategory(ctx: ProductsContext, input: CategoryInput) {
  const id = newId('category')
  const name = parseText(input.name, 'name')
  const englishName = optionally(input.englishName, (text) => parseText(text, 'englishName')) ?? null
  const parentId = optionally(input.parentId, (raw) => idParser('category')(raw, 'parentId')) ?? null
  return runCommand(ctx.transaction, async (tx) => {
    const [parent] = parentId === null ? [] : await findCategories(tx, [parentId])
    if (parentId !== null && !parent) return problem('CategoryNotFound', { categoryId: parentId })
    const path = [...(parent?.path ?? []), id]
    if (path.length > bounds.categoryDepthMax) return problem('CategoryTooDeep', { most: bounds.categoryDepthMax })
    if (!(await addCategory(tx, { id, parentId, name, englishName, path }))) {
      const sibling = await findSibling(tx, parentId, name)
      return problem('CategoryExists', { categoryId: sibling?.id ?? id })
    }
    await noteAct(tx, ctx, { action: 'createCategory', subjectId: id, reason: null })
    return { __typename: 'CreateCategorySuccess', categoryId: id } as const
  })
}
