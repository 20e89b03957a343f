import { limits } from '@pasar/shared/limits'
import { parsePictures as parseAnyPictures, type Picture } from '@pasar/shared/pictures'
import { bounds } from './bounds.ts'
import { parseText } from './input.ts'

/** States of a product. */
export type ProductStatus = 'DRAFT' | 'PUBLISHED' | 'ARCHIVED' | 'TAKEN_DOWN'

/**
 * Every move that its seller may make with a product. Anything not listed here cannot happen: what staff have taken down (from whatever
 * state it was in) goes nowhere until they restore it.
 */
export const productMoves = {
  DRAFT: ['PUBLISHED', 'ARCHIVED'],
  PUBLISHED: ['DRAFT', 'ARCHIVED'],
  ARCHIVED: ['DRAFT'],
  TAKEN_DOWN: [],
} as const satisfies Record<ProductStatus, readonly ProductStatus[]>

/** All states. */
export const productStatuses = Object.keys(productMoves) as readonly ProductStatus[]

/** The states from which a product may go to another one. */
export const statesBefore = (to: ProductStatus): readonly ProductStatus[] =>
  productStatuses.filter((from) => (productMoves[from] as readonly ProductStatus[]).includes(to))

/** What decides who sees a product. */
export interface Visible {
  readonly shopId: string
  readonly status: ProductStatus
  readonly shopSuspended: boolean
}

/** Whether buyers can find a product. */
export const isListed = ({ status, shopSuspended }: Visible): boolean => status === 'PUBLISHED' && !shopSuspended

/** Whether someone who acts for these shops may see a product: listed ones are everyone's, others their own shop's. */
export const maySee = (product: Visible, shopIds: readonly string[]): boolean =>
  isListed(product) || shopIds.includes(product.shopId)

/** The state as somebody sees who may not know that it was taken down: it is off sale. */
export const statusForOthers = (status: ProductStatus): ProductStatus => (status === 'TAKEN_DOWN' ? 'DRAFT' : status)

/** What a product needs before it can be sold. */
export type ProductPart = 'DESCRIPTION' | 'IMAGE' | 'ACTIVE_VARIANT' | 'WAREHOUSE' | 'COMPONENTS'

/** What is there of the parts that a product needs. */
export interface ProductParts {
  readonly description: string
  readonly images: readonly Picture[]
  readonly activeVariants: number
  readonly warehouses: number
  /** Parts of its bundles that were never on sale: whoever sees a bundle sees what it is made of. */
  readonly hiddenComponents: number
}

/** What a product still lacks. */
export function missingParts(parts: ProductParts): readonly ProductPart[] {
  const { description, images, activeVariants, warehouses, hiddenComponents } = parts
  const lacks: Record<ProductPart, boolean> = {
    DESCRIPTION: description === '',
    IMAGE: images.length === 0,
    ACTIVE_VARIANT: activeVariants === 0,
    WAREHOUSE: warehouses === 0,
    COMPONENTS: hiddenComponents > 0,
  }
  return (Object.keys(lacks) as ProductPart[]).filter((part) => lacks[part])
}

/** Where a product goes that is restored: to where it was, or to the drafts if it lacks by now what buyers need. */
export const restoredTo = (before: ProductStatus, parts: ProductParts): ProductStatus =>
  before === 'PUBLISHED' && missingParts(parts).length > 0 ? 'DRAFT' : before

/** What a change takes away of what a product needs; what it lacked before, it may go on lacking. */
export function lostParts(before: ProductParts, after: ProductParts): readonly ProductPart[] {
  const lacked = missingParts(before)
  return missingParts(after).filter((part) => !lacked.includes(part))
}

/** The title of a product. */
export const parseTitle = (raw: string): string => parseText(raw, 'title')

/** The description of a product; a draft may lack it. */
export const parseDescription = (raw: string): string => parseText(raw, 'description', { min: 0, max: limits.textCharactersMax })

/** The pictures of a product. */
export const parsePictures = (raw: readonly Picture[]): readonly Picture[] =>
  parseAnyPictures(raw, { field: 'images', most: bounds.imagesMax })
