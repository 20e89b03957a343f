import type { Prisma } from '@pasar/prisma-products/client'
import { likeAnywhere } from '@pasar/shared/bounded-text'
import {
  afterSql,
  cursorLength,
  cursorSql,
  orderSql,
  pageSql,
  Values,
  type Order,
  type Placed,
} from '@pasar/shared/subgraph/keyset'
import { limits } from '@pasar/shared/limits'
import type { Page } from '@pasar/shared/subgraph/page'
import type { Reads, SqlSeam } from '@pasar/shared/postgres/seam'
import { bounds } from '../domain/bounds.ts'
import type { Filter, ProductSort } from '../domain/filter.ts'
import type { Picture } from '@pasar/shared/pictures'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { ProductOption } from '../domain/options.ts'
import type { ProductParts, ProductStatus } from '../domain/product.ts'
import { said } from '../domain/input.ts'
import type { Tx } from './database.ts'

/** A product as it is kept. */
export interface ProductRow {
  readonly id: string
  readonly shopId: string
  readonly categoryId: string
  readonly title: string
  readonly description: string
  readonly status: ProductStatus
  readonly images: readonly Picture[]
  readonly options: readonly ProductOption[]
  readonly shopSuspended: boolean
  readonly minPrice: bigint
  readonly maxPrice: bigint
  readonly inStock: boolean
  /** Where it is sent from. */
  readonly regencyCodes: readonly string[]
  readonly soldCount: number
  readonly ratingCounts: readonly number[]
  readonly version: number
  readonly createdAt: Date
  readonly publishedAt: Date | null
  /** Since when, why and from which state staff have it down; null while they have not. */
  readonly takenDownAt: Date | null
  readonly takenDownReason: string | null
  readonly takenDownFrom: ProductStatus | null
}

const columns = `p.id, p.shop_id AS "shopId", p.category_id AS "categoryId", p.title, p.description, p.status, p.images, p.options,
  p.shop_suspended AS "shopSuspended", p.min_price AS "minPrice", p.max_price AS "maxPrice", p.in_stock AS "inStock",
  p.regency_codes AS "regencyCodes", p.sold_count AS "soldCount", p.rating_counts AS "ratingCounts", p.version, p.created_at AS "createdAt", p.published_at AS "publishedAt",
  p.taken_down_at AS "takenDownAt", p.taken_down_reason AS "takenDownReason", p.taken_down_from AS "takenDownFrom"`

/** The condition under which everyone sees a product; word for word that of the partial indexes. */
export const listed = `p.status = 'PUBLISHED' AND NOT p.shop_suspended`

/** Products by id. */
export const findProducts = (db: Reads, ids: readonly string[]): Promise<ProductRow[]> =>
  db.$queryRawUnsafe(`SELECT ${columns} FROM product p WHERE p.id = ${anyOf('$1::text[]')}`, ids)

const byId = { sql: 'p.id', kind: 'text' } as const

const orders = {
  NEWEST: { name: 'NEWEST', descending: true, columns: [{ sql: 'p.created_at', kind: 'time' }, byId] },
  PRICE_ASC: { name: 'PRICE_ASC', descending: false, columns: [{ sql: 'p.min_price', kind: 'whole' }, byId] },
  PRICE_DESC: { name: 'PRICE_DESC', descending: true, columns: [{ sql: 'p.min_price', kind: 'whole' }, byId] },
  RATING: {
    name: 'RATING',
    descending: true,
    columns: [{ sql: 'p.rating_hundredths', kind: 'whole' }, { sql: 'p.rating_count', kind: 'whole' }, byId],
  },
  BEST_SELLING: { name: 'BEST_SELLING', descending: true, columns: [{ sql: 'p.sold_count', kind: 'whole' }, byId] },
} as const satisfies Record<Exclude<ProductSort, 'RELEVANCE'>, Order>

/** How products are listed that are not looked for by words: by relevance, the best-selling first. */
const orderOf = (sort: ProductSort): Order => orders[sort === 'RELEVANCE' ? 'BEST_SELLING' : sort]

/** How many values a cursor of this order has, with words or without. */
export const cursorLengthOf = (sort: ProductSort): number => cursorLength(orderOf(sort))

/** How a text search finds and ranks. */
interface TextMatch {
  readonly condition: string
  readonly order: Order
}

/** Stemmed words anywhere, or something that looks alike in the title; both count for the rank. */
export function textMatch(text: string, values: Values): TextMatch {
  const query = `websearch_to_tsquery('indonesian', ${values.add(text, 'text')})`
  const wanted = values.add(text.toLowerCase(), 'text')
  const rank = `round(1000000 * (ts_rank(p.search, ${query}) + word_similarity(${wanted}, lower(p.title))))::bigint`
  return {
    condition: `(p.search @@ ${query} OR ${wanted} <% lower(p.title))`,
    order: { name: 'RELEVANCE', descending: true, columns: [{ sql: rank, kind: 'whole' }, byId] },
  }
}

/** The SQL of each condition of a filter. */
export function conditionsOf(filter: Filter, values: Values): Partial<Record<keyof Filter, string>> {
  const { categoryId, shopId, minPrice, maxPrice, minRating, inStock, regencyCodes } = filter
  return said({
    categoryId:
      categoryId === undefined
        ? undefined
        : `p.category_id IN (SELECT id FROM category WHERE path @> ARRAY[${values.add(categoryId, 'text')}])`,
    shopId: shopId === undefined ? undefined : `p.shop_id = ${values.add(shopId, 'text')}`,
    minPrice: minPrice === undefined ? undefined : `p.min_price >= ${values.add(minPrice, 'bigint')}`,
    maxPrice: maxPrice === undefined ? undefined : `p.min_price <= ${values.add(maxPrice, 'bigint')}`,
    minRating:
      minRating === undefined ? undefined : `p.rating_hundredths >= ${values.add(Math.round(minRating * 100), 'integer')}`,
    inStock: inStock === undefined ? undefined : `p.in_stock = ${values.add(inStock, 'boolean')}`,
    regencyCodes: regencyCodes === undefined ? undefined : `p.regency_codes && ${values.add(regencyCodes, 'text[]')}`,
  })
}

/** Which products on sale a list shows. */
export interface ProductListing {
  readonly filter: Filter
  readonly sort: ProductSort
  readonly page: Page
}

/** One page (and one row more) of the products on sale. */
export function listProducts(db: Reads, { filter, sort, page }: ProductListing): Promise<Placed<ProductRow>[]> {
  const values = new Values()
  const match = filter.text === undefined ? undefined : textMatch(filter.text, values)
  const order = (sort === 'RELEVANCE' ? match?.order : undefined) ?? orderOf(sort)
  if (order === orders.BEST_SELLING && filter.categoryId !== undefined && !match)
    return listCategory(db, { ...filter, categoryId: filter.categoryId }, page)
  const conditions = [listed, ...Object.values(conditionsOf(filter, values)), ...(match ? [match.condition] : [])]
  const list = { columns, from: 'product p', where: conditions.join(' AND '), order, page }
  return db.$queryRawUnsafe(pageSql(list, values), ...values.list)
}

/**
 * The same of a category, the best-selling first: those of each category below it in the order of an index, and of these the first. A category
 * of which there is little is not looked for among everything that is on sale.
 */
function listCategory(
  db: Reads,
  { categoryId, ...filter }: Filter & { readonly categoryId: string },
  page: Page,
): Promise<Placed<ProductRow>[]> {
  const values = new Values()
  const order = orders.BEST_SELLING
  const below = `SELECT id FROM category WHERE path @> ARRAY[${values.add(categoryId, 'text')}]`
  const conditions = [
    'p.category_id = below.id',
    listed,
    ...Object.values(conditionsOf(filter, values)),
    afterSql(order, page.after, values),
  ]
  const most = values.add(page.first + 1, 'bigint')
  const first = `SELECT p.id, p.sold_count FROM product p WHERE ${conditions.join(' AND ')} ORDER BY ${orderSql(order)} LIMIT ${most}`
  const ids = `SELECT found.id FROM (${below}) AS below CROSS JOIN LATERAL (${first}) AS found
    ORDER BY found.sold_count DESC, found.id DESC LIMIT ${most}`
  const sql = `SELECT ${columns}, ${cursorSql(order)} FROM product p WHERE p.id = ANY(ARRAY(${ids})) ORDER BY ${orderSql(order)}`
  return db.$queryRawUnsafe(sql, ...values.list)
}

/** What a shop's list of products shows, and to whom. */
export interface ShopListing {
  readonly status: ProductStatus | undefined
  /** Words, or a part of a SKU. */
  readonly search: string | undefined
  readonly sort: ProductSort
  readonly page: Page
  /** Shops whose every product the viewer may see. */
  readonly actedForIds: readonly string[]
}

/** A shop's newest products: a search looks at each of them. */
const newest = (values: Values) =>
  `(SELECT * FROM product WHERE shop_id = shop.id ORDER BY created_at DESC, id DESC LIMIT ${values.add(bounds.shopSearchMax, 'bigint')})`

/** Words as among all products, or a part of the SKU of a variant that the viewer may see: `own` are their shops. */
function searchMatch(search: string, own: string, values: Values): TextMatch {
  const { condition, order } = textMatch(search, values)
  const sku = `EXISTS (SELECT FROM variant v WHERE v.product_id = p.id AND (v.active OR p.shop_id = ANY(${own}))
    AND lower(v.sku) LIKE lower(${values.add(likeAnywhere(search), 'text')}))`
  return { condition: `(${condition} OR ${sku})`, order }
}

/** One page (and one row more) of the products of each shop. */
export function listShopProducts(db: Reads, shopIds: readonly string[], listing: ShopListing): Promise<Placed<ProductRow>[]> {
  const { status, search, sort, page, actedForIds } = listing
  const values = new Values()
  const shops = values.add(shopIds, 'text[]')
  const own = values.add(actedForIds, 'text[]')
  const match = search === undefined ? undefined : searchMatch(search, own, values)
  const order = (sort === 'RELEVANCE' ? match?.order : undefined) ?? orderOf(sort)
  const conditions = [
    'p.shop_id = shop.id',
    `(${listed} OR p.shop_id = ANY(${own}))`,
    status === undefined ? 'true' : `p.status = ${values.add(status, 'text')}`,
    ...(match ? [match.condition] : []),
  ]
  const from = `${match ? newest(values) : 'product'} p`
  const rows = pageSql({ columns, from, where: conditions.join(' AND '), order, page }, values)
  return db.$queryRawUnsafe(`SELECT row.* FROM unnest(${shops}) AS shop (id) CROSS JOIN LATERAL (${rows}) AS row`, ...values.list)
}

/** How many of a shop's products are in one state. */
export interface ProductCount {
  readonly shopId: string
  readonly status: ProductStatus
  readonly count: number
}

const counted = `SELECT shop.id AS "shopId", status, count(*)::integer AS count FROM unnest($1::text[]) AS shop (id) CROSS JOIN LATERAL (
    SELECT status FROM product WHERE shop_id = shop.id ORDER BY created_at DESC, id DESC LIMIT $2::bigint) AS newest
  GROUP BY 1, 2`

/** How many products of each shop are in which state, among its newest ones. */
export const countProducts = (db: Reads, shopIds: readonly string[]): Promise<ProductCount[]> =>
  db.$queryRawUnsafe(counted, shopIds, limits.listWindowMax)

/** A product, locked: whoever changes it next waits. */
export async function lockProduct(tx: SqlSeam, id: string): Promise<ProductRow | undefined> {
  const [row] = await tx.$queryRawUnsafe<ProductRow[]>(`SELECT ${columns} FROM product p WHERE p.id = $1 FOR UPDATE`, id)
  return row
}

type CountedParts = Pick<ProductParts, 'activeVariants' | 'warehouses' | 'hiddenComponents'>

/** Counts a product's variants that are on, its shop's warehouses, and parts of its bundles that were never on sale. */
export async function countParts(tx: SqlSeam, { id, shopId }: Pick<ProductRow, 'id' | 'shopId'>): Promise<CountedParts> {
  const sql = `SELECT (SELECT count(*) FROM variant WHERE product_id = $1 AND active)::integer AS "activeVariants",
    (SELECT count(*) FROM warehouse WHERE shop_id = $2)::integer AS warehouses,
    (SELECT count(*) FROM variant v JOIN bundle_component b ON b.bundle_id = v.id JOIN variant c ON c.id = b.component_id
      JOIN product p ON p.id = c.product_id
      WHERE v.product_id = $1 AND p.id <> $1 AND p.published_at IS NULL)::integer AS "hiddenComponents"`
  const [row] = await tx.$queryRawUnsafe<CountedParts[]>(sql, id, shopId)
  return row!
}

export const addProduct = (tx: Tx, product: Prisma.ProductCreateManyInput): Promise<unknown> =>
  tx.product.createMany({ data: [product] })

/** Writes what its seller changes of a locked product; each time is counted by its version. */
export const saveProduct = (tx: Tx, id: string, changes: Prisma.ProductUncheckedUpdateManyInput): Promise<unknown> =>
  tx.product.updateMany({ where: { id }, data: { ...changes, version: { increment: 1 } } })

/** Where staff bring a product, and since when, why and from where they have it down; its version counts what its seller does, not this. */
export const saveTakenDown = (
  tx: Tx,
  id: string,
  changes: Pick<ProductRow, 'status' | 'takenDownAt' | 'takenDownReason' | 'takenDownFrom'>,
): Promise<unknown> => tx.product.updateMany({ where: { id }, data: changes })
