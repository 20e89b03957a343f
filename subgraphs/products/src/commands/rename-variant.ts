import { problem } from '@pasar/shared/problems'
import { choiceWith, nameOfChoice, type SelectedOption } from '../domain/options.ts'
import type { Tx } from '../store/database.ts'
import { lockTouched } from '../store/listings.ts'
import { findProducts } from '../store/products.ts'
import { findOfChoice, type LockedVariant } from '../store/variants.ts'

/** What somebody wants a variant to be called, or to be. */
interface Wish {
  readonly name?: string | undefined
  readonly selected: readonly SelectedOption[]
}

/** What it gets then. */
interface Renamed {
  readonly name?: string
  readonly choice?: string[]
}

const nothing: Renamed = {}

/** What a locked variant is called once these values are chosen for it, or why it cannot be. One without values has a name of its own. */
export async function renameVariant(tx: Tx, variant: LockedVariant, { name, selected }: Wish) {
  if (selected.length === 0 && (name === undefined || variant.choice.length === 0)) return nothing
  // Until the commit nobody else chooses for a variant of this product.
  await lockTouched(tx, { variantIds: [variant.id] })
  const { options } = (await findProducts(tx, [variant.productId]))[0]!
  const choice = name === undefined ? choiceWith(options, variant.choice, selected) : undefined
  if (!choice) {
    const field = name !== undefined && options.length > 0 ? 'name' : 'options'
    return problem('OptionsMismatch', { field, options, variantIds: [] })
  }
  const taken = await findOfChoice(tx, { ...variant, choice })
  if (taken !== undefined) return problem('OptionsTaken', { values: choice, variantId: taken })
  const renamed: Renamed = { name: nameOfChoice(choice), choice: [...choice] }
  return renamed
}
