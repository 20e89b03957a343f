import { idParser, newId } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { BadInput, inPart, problem } from '@pasar/shared/problems'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { parseList } from '../domain/input.ts'
import { asOptions, eachOnce, firstTwice, parseOptions, writable, type ProductOption } from '../domain/options.ts'
import { parseDescription, parsePictures, parseTitle } from '../domain/product.ts'
import { fitting, nameVariant, parseVariant, type RawVariant, type VariantFields } from '../domain/variant.ts'
import type { CreateProductInput } from '../generated/resolvers.ts'
import { findCategories } from '../store/categories.ts'
import { touchListings } from '../store/listings.ts'
import { addProduct } from '../store/products.ts'
import { isShopSuspended } from '../store/shop-states.ts'
import { addVariants } from '../store/variants.ts'

function parseNamed(options: readonly ProductOption[], raw: RawVariant): VariantFields {
  const variant = nameVariant(options, parseVariant(raw))
  if ('misfit' in variant) throw new BadInput(variant.misfit, fitting(options, variant))
  return variant
}

function parseVariants(options: readonly ProductOption[], raw: readonly RawVariant[]): VariantFields[] {
  const variants = parseList(raw, 'variants', [1, bounds.variantsMax])
  const named = inPart('variants', () => variants.map((variant) => parseNamed(options, variant)))
  if (firstTwice(named.map(({ choice }) => choice))) throw new BadInput('variants.options', eachOnce)
  return named
}

const parseInput = (input: CreateProductInput, options: readonly ProductOption[]) => ({
  shopId: idParser('shop')(input.shopId, 'shopId'),
  categoryId: idParser('category')(input.categoryId, 'categoryId'),
  title: parseTitle(input.title),
  description: parseDescription(input.description),
  images: parsePictures(input.images),
  variants: parseVariants(options, input.variants),
})

/** Makes a product as a draft, with its first variants. */
export async function createProduct(ctx: ProductsContext, input: CreateProductInput) {
  const options = asOptions(parseOptions(input.options))
  const { variants, images, ...fields } = parseInput(input, options)
  if (!actsFor(ctx.viewer, fields.shopId)) return problem('ShopNotYours', { shopId: fields.shopId })
  const { transaction, clock } = ctx
  return runCommand(transaction, async (tx) => {
    if ((await findCategories(tx, [fields.categoryId])).length === 0)
      return problem('CategoryNotFound', { categoryId: fields.categoryId })
    const product = { ...fields, id: newId('product'), createdAt: clock.now() }
    const told = { images: images.map((image) => ({ ...image })), options: writable(options) }
    const prices = variants.map(({ price }) => price).toSorted((a, b) => (a < b ? -1 : 1))
    const figures = { minPrice: prices[0]!, maxPrice: prices.at(-1)!, inStock: false, regencyCodes: [] }
    const shopSuspended = await isShopSuspended(tx, product.shopId)
    await addProduct(tx, { ...product, ...told, ...figures, shopSuspended, status: 'DRAFT' })
    const added = await addVariants(tx, product, variants)
    if ('taken' in added) return problem('SkuTaken', { sku: added.taken })
    await touchListings(tx, clock, { productIds: [product.id] })
    return { __typename: 'CreateProductSuccess', productId: product.id } as const
  })
}
