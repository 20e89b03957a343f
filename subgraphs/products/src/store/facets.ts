import { Values } from '@pasar/shared/subgraph/keyset'
import type { Reads } from '@pasar/shared/postgres/seam'
import { bounds } from '../domain/bounds.ts'
import type { Filter } from '../domain/filter.ts'
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

/** The conditions that have a facet of their own: it counts what fits all the others. */
const choices = {
  category: ['categoryId'],
  price: ['minPrice', 'maxPrice'],
  rating: ['minRating'],
  stock: ['inStock'],
  regency: ['regencyCodes'],
} as const satisfies Readonly<Record<string, readonly (keyof Filter)[]>>

type Choice = keyof typeof choices

/** What is counted of a product; the conditions of the choices need no more of it. */
const columns = 'p.category_id, p.regency_codes, p.min_price, p.rating_hundredths, p.in_stock'

/** Names of sets of products, and the SQL that finds them. */
interface Sets {
  readonly sql: string
  /** Those that fit the whole filter. */
  readonly fitting: string
  /** Those that fit all of it but one choice. */
  readonly allBut: (choice: Choice) => string
}

/**
 * One set for the filter and one for each choice in it. Where everything but the choices leaves few enough products, as a search by words
 * does, all sets are taken from those; else each is found by itself, so that none misses what lies behind the first ones.
 */
function setsOf(filter: Filter, values: Values): Sets {
  const match = filter.text === undefined ? undefined : textMatch(filter.text, values)
  const conditions = conditionsOf(filter, values)
  const most = values.add(bounds.facetProductsMax, 'bigint')
  const always = [listed, ...(conditions.shopId ? [conditions.shopId] : []), ...(match ? [match.condition] : [])]
  const ownOf = (choice: Choice) => choices[choice].flatMap((name: keyof Filter) => conditions[name] ?? [])
  const chosen = (Object.keys(choices) as Choice[]).filter((choice) => ownOf(choice).length > 0)
  const select = (table: string, where: readonly string[]) => `SELECT ${columns} FROM ${table} p WHERE ${where.join(' AND ')}`
  const isAll = `(SELECT count(*) < ${most} FROM found)`
  const fitting = (but?: Choice) => {
    const wanted = chosen.filter((choice) => choice !== but).flatMap(ownOf)
    return wanted.length === 0
      ? 'SELECT * FROM found'
      : `${select('found', [isAll, ...wanted])} UNION ALL
        (${select('product', [`NOT ${isAll}`, ...always, ...wanted])} LIMIT ${most})`
  }
  const named = [`found AS MATERIALIZED (${select('product', always)} LIMIT ${most})`, `fitting AS (${fitting()})`]
  return {
    sql: [...named, ...chosen.map((choice) => `all_but_${choice} AS (${fitting(choice)})`)].join(',\n'),
    fitting: 'fitting',
    allBut: (choice) => (chosen.includes(choice) ? `all_but_${choice}` : 'fitting'),
  }
}

const counted = (rows: string) => `coalesce((SELECT json_agg(row_to_json(counted)) FROM (${rows}) AS counted), '[]')`

const ratingsFrom = [4, 3, 2, 1]

const ratings = ratingsFrom.map(
  (least) => `json_build_object('value', ${least}, 'count', count(*) FILTER (WHERE rating_hundredths >= ${least * 100}))`,
)

/** Counts in one statement. */
export async function readFacets(db: Reads, filter: Filter): Promise<Facets> {
  const values = new Values()
  const { sql: sets, fitting, allBut } = setsOf(filter, values)
  const facets = values.add(bounds.facetValuesMax, 'bigint')
  const sql = `WITH ${sets}
    SELECT (SELECT count(*) FROM ${fitting})::integer AS total,
      (SELECT count(*) FROM ${allBut('stock')} WHERE in_stock)::integer AS "inStock",
      (SELECT min(min_price) FROM ${allBut('price')})::text AS "minPrice",
      (SELECT max(min_price) FROM ${allBut('price')})::text AS "maxPrice",
      (SELECT json_build_array(${ratings.join(', ')}) FROM ${allBut('rating')}) AS ratings,
      ${counted(`SELECT category_id AS value, count(*) AS count FROM ${allBut('category')}
        GROUP BY category_id ORDER BY count(*) DESC, category_id LIMIT ${facets}`)} AS categories,
      ${counted(`SELECT code AS value, count(*) AS count FROM ${allBut('regency')}, unnest(regency_codes) AS code
        GROUP BY code ORDER BY count(*) DESC, code LIMIT ${facets}`)} AS regencies`
  const [row] = await db.$queryRawUnsafe<Facets[]>(sql, ...values.list)
  return row!
}
