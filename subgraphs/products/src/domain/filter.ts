import { regencyCode, rupiahOrZero } from '@pasar/shared/expectations'
import { idParser } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { BadInput } from '@pasar/shared/problems'
import { findRegency } from '@pasar/shared/regions'
import { bounds } from './bounds.ts'
import { optionally, parseList, parseText, said } from './input.ts'

/** Orders of a list of products. */
export type ProductSort = 'RELEVANCE' | 'NEWEST' | 'PRICE_ASC' | 'PRICE_DESC' | 'RATING' | 'BEST_SELLING'

/** What a client sends to narrow a list of products. */
export interface RawFilter {
  readonly categoryId?: string | null
  readonly shopId?: string | null
  readonly text?: string | null
  readonly minPrice?: bigint | null
  readonly maxPrice?: bigint | null
  readonly minRating?: number | null
  readonly inStock?: boolean | null
  readonly regencyCodes?: readonly string[] | null
}

const parseCategoryId = idParser('category')
const parseShopId = idParser('shop')

/** What somebody typed who looks for a product. */
export const parseSearch = (raw: string, field = 'search'): string => parseText(raw, field, { max: limits.searchCharactersMax })

/** The filter of a list of products, with what was not said left out. */
export function parseFilter(raw: RawFilter | null | undefined) {
  const filter = said({
    categoryId: optionally(raw?.categoryId, (id) => parseCategoryId(id, 'categoryId')),
    shopId: optionally(raw?.shopId, (id) => parseShopId(id, 'shopId')),
    text: optionally(raw?.text, (text) => parseSearch(text, 'text')),
    minPrice: optionally(raw?.minPrice, (price) => parsePriceBound(price, 'minPrice')),
    maxPrice: optionally(raw?.maxPrice, (price) => parsePriceBound(price, 'maxPrice')),
    minRating: optionally(raw?.minRating, parseMinRating),
    inStock: raw?.inStock ?? undefined,
    regencyCodes: optionally(raw?.regencyCodes, parseRegencies),
  })
  const { minPrice, maxPrice } = filter
  if (minPrice !== undefined && maxPrice !== undefined && minPrice > maxPrice)
    throw new BadInput('maxPrice', { id: 'tidak kurang dari minPrice', en: 'not less than minPrice' })
  return filter
}

/** A filter that was checked. */
export type Filter = ReturnType<typeof parseFilter>

function parsePriceBound(price: bigint, field: string): bigint {
  if (price < 0n) throw new BadInput(field, rupiahOrZero)
  return price
}

function parseMinRating(rating: number): number {
  if (rating < 1 || rating > 5) throw new BadInput('minRating', { id: 'angka dari 1 sampai 5', en: 'a number from 1 to 5' })
  return rating
}

const parseRegencies = (codes: readonly string[]): readonly string[] =>
  parseList(codes, 'regencyCodes', [1, bounds.regencyCodesMax]).map((code) => {
    if (!findRegency(code)) throw new BadInput('regencyCodes', regencyCode)
    return code
  })
