import type { Reads } from '@pasar/shared/reads'
import { bounds } from '../domain/bounds.ts'
import type { Filter } from '../domain/filter.ts'
import { Values } from './keyset.ts'
import { conditionsOf, listed, textMatch } from './products.ts'

/** How many products have one value. */
export interface Counted<T> {
  readonly value: T
  readonly count: number
}

/** What the products hold that a filter leaves. */
export interface Facets {
  readonly total: number
  readonly inStock: number
  readonly minPrice: string | null
  readonly maxPrice: string | null
  readonly categories: readonly Counted<string>[]
  readonly regencies: readonly Counted<string>[]
  /** By the least average, 4 down to 1. */
  readonly ratings: readonly Counted<number>[]
}

/** Columns of the conditions that a facet of their own shows; a facet counts what fits all others. */
const choices = {
  category_fits: ['categoryId'],
  price_fits: ['minPrice', 'maxPrice'],
  rating_fits: ['minRating'],
  stock_fits: ['inStock'],
  regency_fits: ['regencyCodes'],
} as const satisfies Readonly<Record<string, readonly (keyof Filter)[]>>

type Choice = keyof typeof choices

const fitsAllBut = (own?: Choice): string => (Object.keys(choices) as Choice[]).filter((choice) => choice !== own).join(' AND ')

const counted = (rows: string) => `coalesce((SELECT json_agg(row_to_json(counted)) FROM (${rows}) AS counted), '[]')`

const ratingsFrom = [4, 3, 2, 1]

/** Counts in one statement over the products that were found. */
export async function readFacets(db: Reads, filter: Filter): Promise<Facets> {
  const values = new Values()
  const match = filter.text === undefined ? undefined : textMatch(filter.text, values)
  const conditions = conditionsOf(filter, values)
  const fits = Object.entries(choices).map(([column, names]) => {
    const own = names.flatMap((name: keyof Filter) => conditions[name] ?? [])
    return `${own.length > 0 ? own.join(' AND ') : 'true'} AS ${column}`
  })
  const found = [listed, ...(conditions.shopId ? [conditions.shopId] : []), ...(match ? [match.condition] : [])]
  const facets = values.add(bounds.facetValuesMax, 'bigint')
  const sql = `WITH found AS MATERIALIZED (
      SELECT p.category_id, p.regency_codes, p.min_price, p.rating_hundredths, p.in_stock, ${fits.join(', ')}
      FROM product p WHERE ${found.join(' AND ')} LIMIT ${values.add(bounds.facetProductsMax, 'bigint')})
    SELECT count(*) FILTER (WHERE ${fitsAllBut()})::integer AS total,
      count(*) FILTER (WHERE in_stock AND ${fitsAllBut('stock_fits')})::integer AS "inStock",
      (min(min_price) FILTER (WHERE ${fitsAllBut('price_fits')}))::text AS "minPrice",
      (max(min_price) FILTER (WHERE ${fitsAllBut('price_fits')}))::text AS "maxPrice",
      json_build_array(${ratingsFrom
        .map(
          (least) => `json_build_object('value', ${least}, 'count',
          count(*) FILTER (WHERE rating_hundredths >= ${least * 100} AND ${fitsAllBut('rating_fits')}))`,
        )
        .join(', ')}) AS ratings,
      ${counted(`SELECT category_id AS value, count(*) AS count FROM found WHERE ${fitsAllBut('category_fits')}
        GROUP BY category_id ORDER BY count(*) DESC, category_id LIMIT ${facets}`)} AS categories,
      ${counted(`SELECT code AS value, count(*) AS count FROM found, unnest(regency_codes) AS code WHERE ${fitsAllBut('regency_fits')}
        GROUP BY code ORDER BY count(*) DESC, code LIMIT ${facets}`)} AS regencies
    FROM found`
  const [row] = await db.$queryRawUnsafe<Facets[]>(sql, ...values.list)
  return row!
}
