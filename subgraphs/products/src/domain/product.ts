import { limits } from '@pasar/shared/limits'
import { BadInput } from '@pasar/shared/problems'
import { bounds } from './bounds.ts'
import { parseList, parseText } from './input.ts'

/** States of a product. */
export type ProductStatus = 'DRAFT' | 'PUBLISHED' | 'ARCHIVED'

/** Every move a product may make. Anything not listed here cannot happen. */
export const productMoves = {
  DRAFT: ['PUBLISHED', 'ARCHIVED'],
  PUBLISHED: ['DRAFT', 'ARCHIVED'],
  ARCHIVED: ['DRAFT'],
} as const satisfies Record<ProductStatus, readonly ProductStatus[]>

/** The states from which a product may go to another one. */
export const statesBefore = (to: ProductStatus): readonly ProductStatus[] =>
  (Object.keys(productMoves) as ProductStatus[]).filter((from) => (productMoves[from] as readonly ProductStatus[]).includes(to))

/** A picture with its alternative text. */
export interface Picture {
  readonly url: string
  readonly altText: string
}

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

/** What a product needs before it can be sold. */
export type ProductPart = 'DESCRIPTION' | 'IMAGE' | 'ACTIVE_VARIANT' | 'WAREHOUSE'

/** What is there of the parts that a product needs. */
export interface ProductParts {
  readonly description: string
  readonly images: readonly Picture[]
  readonly activeVariants: number
  readonly warehouses: number
}

/** What a product still lacks. */
export function missingParts({ description, images, activeVariants, warehouses }: ProductParts): readonly ProductPart[] {
  const lacks: Record<ProductPart, boolean> = {
    DESCRIPTION: description === '',
    IMAGE: images.length === 0,
    ACTIVE_VARIANT: activeVariants === 0,
    WAREHOUSE: warehouses === 0,
  }
  return (Object.keys(lacks) as ProductPart[]).filter((part) => lacks[part])
}

/** The title of a product. */
export const parseTitle = (raw: string): string => parseText(raw, 'title')

/** The description of a product; a draft may lack it. */
export const parseDescription = (raw: string): string => parseText(raw, 'description', { min: 0, max: limits.textCharactersMax })

/** The pictures of a product. */
export const parsePictures = (raw: readonly Picture[]): readonly Picture[] =>
  parseList(raw, 'images', [0, bounds.imagesMax]).map(({ url, altText }) => ({
    url: parsePictureUrl(url),
    altText: parseText(altText, 'altText'),
  }))

const sitePath = /^\/pictures\/[\w./-]+$/

function parsePictureUrl(raw: string): string {
  const url = raw.trim()
  if (url.length <= bounds.urlCharactersMax && (isSitePath(url) || isSecure(url))) return url
  throw new BadInput('url', {
    id: 'alamat https atau path situs ini yang diawali /pictures/',
    en: 'an https address or a path of this site that begins with /pictures/',
  })
}

const isSitePath = (url: string): boolean => sitePath.test(url) && !url.includes('..') && !url.includes('//')

/** An address with a name and password in it would show them to everyone. */
const isSecure = (url: string): boolean => /^https:\/\/[^/@\s\\]+(?:[/?#][^\s\\]*)?$/.test(url)
