import { rowsOf, type Send, type Statement } from '@pasar/shared/postgres/statement'
import { bounds } from '../domain/bounds.ts'
import type { Component, Line, Sale, Shelf, Stocktake } from '../domain/reserve-plan.ts'
import type { ReservationState } from '../domain/reservation.ts'
import { takenDownSql } from './available.ts'

/**
 * Lines that are on sale, and in which flash sale with a limit, what bundles are made of, and the shelves of each SKU: flat, because this is asked for every checkout. A bundle finds
 * nothing on the shelves of what was taken down. Of the units
 * that lie ready not more are counted than all lines together could want; but a whole bucket where others lie in another warehouse, because the
 * fuller one gives first.
 */
const look: Statement = {
  name: 'products look',
  text: `SELECT v.id, v.product_id AS "productId", p.category_id AS "categoryId", k.path AS "categoryPath", v.shop_id AS "shopId", p.title, v.name AS "variantName", v.sku, v.price,
      v.weight_grams AS "weightGrams", v.length_mm AS "lengthMm", v.width_mm AS "widthMm", v.height_mm AS "heightMm",
      coalesce(v.picture_url, p.images->0->>'url') AS "imageUrl", f.id AS "flashSaleId", f.units - f.taken AS "flashSaleLeft", f.units_per_buyer AS "flashSalePerBuyer",
      c.component_id AS "componentId", c.quantity AS "componentQuantity",
      s.warehouse_id AS "warehouseId", s.on_hand - s.reserved AS counted, own.stock_mode = 'UNITS' AS "byUnits",
      (SELECT count(*)::integer FROM (
        SELECT FROM stock_unit u WHERE u.variant_id = s.variant_id AND u.warehouse_id = s.warehouse_id
        LIMIT greatest(coalesce(c.quantity, 1) * $2::bigint, CASE WHEN own.stock_mode = 'UNITS' AND EXISTS (
          SELECT FROM stock o WHERE o.variant_id = s.variant_id AND o.warehouse_id <> s.warehouse_id) THEN ${bounds.unitBucket} END)) AS ready) AS units,
      w.contact_name AS "contactName", w.phone, w.street, w.district_code AS "districtCode", w.regency_code AS "regencyCode",
      w.postal_code AS "postalCode"
    FROM ${rowsOf('$1::text[]')} AS line (id)
    JOIN variant v ON v.id = line.id AND v.active
    JOIN product p ON p.id = v.product_id AND p.status = 'PUBLISHED' AND NOT p.shop_suspended
    JOIN category k ON k.id = p.category_id
    LEFT JOIN flash_sale f ON f.variant_id = v.id AND f.state = 'RUNNING' AND (f.units IS NOT NULL OR f.units_per_buyer IS NOT NULL)
    LEFT JOIN bundle_component c ON c.bundle_id = v.id
    LEFT JOIN stock s ON s.variant_id = coalesce(c.component_id, v.id) AND NOT ${takenDownSql('c.component_id')}
    LEFT JOIN variant own ON own.id = s.variant_id
    LEFT JOIN warehouse w ON w.id = s.warehouse_id`,
}

type Place = Stocktake['warehouses'][number]

type Row = Omit<Sale, 'price' | 'flashSale'> &
  Omit<Place, 'id'> & {
    readonly price: string
    readonly flashSaleId: string | null
    readonly flashSaleLeft: number | null
    readonly flashSalePerBuyer: number | null
    readonly componentId: string | null
    readonly componentQuantity: number
    readonly warehouseId: string | null
    readonly counted: number
    readonly units: number
    readonly byUnits: boolean
  }

/** Looks at everything that reservations are decided by, at one moment and without holding anything; a stocktake for each. */
export async function lookAround(send: Send, wishes: readonly (readonly Line[])[]): Promise<Stocktake[]> {
  const variantIds = new Set(wishes.flatMap((lines) => lines.map(({ variantId }) => variantId)))
  const most = wishes.map((lines) => lines.reduce((sum, { quantity }) => sum + quantity, 0))
  const rows = new Map<string, Row[]>()
  for (const row of await send<Row>(look, [...variantIds], Math.max(...most))) {
    const before = rows.get(row.id)
    if (before) before.push(row)
    else rows.set(row.id, [row])
  }
  return wishes.map((lines) => stocktakeOf(lines.flatMap(({ variantId }) => rows.get(variantId) ?? [])))
}

function stocktakeOf(rows: readonly Row[]): Stocktake {
  const onSale = new Map<string, Sale>()
  const components = new Map<string, Component>()
  const shelves = new Map<string, Shelf>()
  const warehouses = new Map<string, Place>()
  for (const row of rows) {
    onSale.set(row.id, saleOf(row))
    const { id: bundleId, componentId, componentQuantity: quantity, warehouseId } = row
    if (componentId !== null) components.set(`${bundleId} ${componentId}`, { bundleId, componentId, quantity })
    if (warehouseId === null) continue
    const shelf = shelfOf(row, componentId ?? bundleId, warehouseId)
    const key = `${shelf.variantId} ${warehouseId}`
    if (shelf.units >= (shelves.get(key)?.units ?? 0)) shelves.set(key, shelf)
    warehouses.set(warehouseId, placeOf(row, warehouseId))
  }
  const values = <T>(map: ReadonlyMap<string, T>) => [...map.values()]
  return { onSale: values(onSale), components: values(components), shelves: values(shelves), warehouses: values(warehouses) }
}

const saleOf = ({ id, productId, shopId, title, variantName, sku, price, imageUrl, ...row }: Row): Sale => {
  const { categoryId, categoryPath, weightGrams, lengthMm, widthMm, heightMm } = row
  const { flashSaleId, flashSaleLeft: left, flashSalePerBuyer: unitsPerBuyer } = row
  return {
    id,
    productId,
    categoryId,
    categoryPath,
    shopId,
    title,
    variantName,
    sku,
    price: BigInt(price),
    weightGrams,
    lengthMm,
    widthMm,
    heightMm,
    imageUrl,
    flashSale: flashSaleId === null ? null : { id: flashSaleId, left, unitsPerBuyer },
  }
}

const shelfOf = ({ counted, units, byUnits }: Row, variantId: string, warehouseId: string): Shelf => {
  return { variantId, warehouseId, counted, units, byUnits }
}

const placeOf = ({ contactName, phone, street, districtCode, regencyCode, postalCode }: Row, id: string): Place => {
  return { id, contactName, phone, street, districtCode, regencyCode, postalCode }
}

const remember: Statement = {
  name: 'products remember',
  text: `SELECT r.state, i.request_hash AS hash, i.outcome FROM reservation r
    LEFT JOIN idempotency_record i ON i.scope = 'productsReserve' AND i.actor = 'orders' AND i.key = r.checkout_id
    WHERE r.checkout_id = $1`,
}

/** What is known of a checkout that has reserved before. */
export interface Remembered {
  readonly state: ReservationState
  /** What it asked and was answered; forgotten after days. */
  readonly hash: string | null
  readonly outcome: string | null
}

/** The earlier reservation of a checkout, if there is one. */
export const findEarlier = async (send: Send, checkoutId: string): Promise<Remembered | undefined> =>
  (await send<Remembered>(remember, checkoutId))[0]
