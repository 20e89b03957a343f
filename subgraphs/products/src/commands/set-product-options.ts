import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { BadInput, problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { parseList } from '../domain/input.ts'
import {
  asOptions,
  choiceAfter,
  choiceOf,
  eachOnce,
  firstTwice,
  isSameChoice,
  nameOfChoice,
  parseOptions,
  parseSelected,
  writable,
  type SelectedOption,
  type WantedOption,
} from '../domain/options.ts'
import type { SetProductOptionsInput } from '../generated/resolvers.ts'
import { touchListings } from '../store/listings.ts'
import { lockProduct, saveProduct, type ProductRow } from '../store/products.ts'
import { findVariantsOf, lockVariantsOf, saveNames, type VariantRow } from '../store/variants.ts'

/** The options that a product shall have, and what is chosen by hand for variants. */
interface Wish {
  readonly wanted: readonly WantedOption[]
  readonly given: ReadonlyMap<string, readonly SelectedOption[]>
}

function parseWish(input: SetProductOptionsInput): Wish {
  const variants = parseList(input.variants, 'variants', [0, bounds.variantsMax])
  const given = new Map(
    variants.map(({ variantId, options }) => [
      idParser('variant')(variantId, 'variants.variantId'),
      parseSelected(options, 'variants.options'),
    ]),
  )
  if (given.size < variants.length) throw new BadInput('variants.variantId', eachOnce)
  return { wanted: parseOptions(input.options), given }
}

/** What all variants of a product are called by its new options; or why that cannot be. */
function nameAll(product: ProductRow, variants: readonly VariantRow[], { wanted, given }: Wish) {
  const unknown = [...given.keys()].find((variantId) => !variants.some(({ id }) => id === variantId))
  if (unknown !== undefined) return problem('VariantNotFound', { variantId: unknown })
  const options = asOptions(wanted)
  const after = choiceAfter(product.options, wanted)
  const choices = variants.map(({ id, choice }) => (given.has(id) ? choiceOf(options, given.get(id)!) : after(choice)))
  const variantIds = variants.filter((_, place) => choices[place] === undefined).map(({ id }) => id)
  if (variantIds.length > 0) return problem('OptionsMismatch', { field: 'variants', options, variantIds })
  const chosen = choices.map((choice) => choice ?? [])
  const twice = firstTwice(chosen)
  if (twice) return problem('OptionsTaken', { values: chosen[twice[1]]!, variantId: variants[twice[0]]!.id })
  const names = variants.map(({ id, name, choice: before }, place) => {
    const choice = chosen[place]!
    const called = choice.length > 0 ? nameOfChoice(choice) : name
    return { id, name: called, choice, isOther: called !== name || !isSameChoice(before, choice) }
  })
  return { options, names: names.filter(({ isOther }) => isOther) }
}

/** Says what a product lets people choose, and calls all its variants by it. */
export function setProductOptions(ctx: ProductsContext, input: SetProductOptionsInput) {
  const productId = idParser('product')(input.productId, 'productId')
  const wish = parseWish(input)
  const { transaction, clock } = ctx
  return runCommand(transaction, async (tx) => {
    // In the order in which a change of a variant locks them.
    await lockVariantsOf(tx, productId)
    const product = await lockProduct(tx, productId)
    if (!product || !actsFor(ctx.viewer, product.shopId)) return problem('ProductNotFound', { productId })
    const stale = ifStale('StaleProduct', product, input.expectedVersion)
    if (stale) return stale
    // Also one that was added until the product was locked.
    const named = nameAll(product, await findVariantsOf(tx, [productId]), wish)
    if ('code' in named) return named
    await saveProduct(tx, productId, { options: writable(named.options) })
    await saveNames(tx, named.names)
    await touchListings(tx, clock, { productIds: [productId] })
    return { __typename: 'SetProductOptionsSuccess', productId } as const
  })
}
