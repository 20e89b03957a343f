import type { Send, Statement } from '@pasar/shared/postgres/statement'
import type { SqlSeam } from '@pasar/shared/postgres/seam'

const waiting: Statement = {
  name: 'products listings moved',
  text: 'SELECT variant_id AS id FROM listing_moved ORDER BY place LIMIT $1::bigint',
}

/** A warehouse, and the shop whose it is: what lies there is found among what the shop sells. */
interface Place {
  readonly warehouseId: string
  readonly shopId: string
}

/**
 * Has the listings told anew that are sent from a warehouse. One that waits already keeps its place, and is locked: whoever tells of it must
 * not read the old regency and take it away before the commit.
 */
export const movedFrom = (tx: SqlSeam, { warehouseId, shopId }: Place): Promise<number> =>
  tx.$executeRawUnsafe(
    `INSERT INTO listing_moved AS m (variant_id)
     SELECT v.id FROM variant v JOIN stock s ON s.variant_id = v.id AND s.warehouse_id = $1 WHERE v.shop_id = $2 ORDER BY v.id
     ON CONFLICT (variant_id) DO UPDATE SET place = m.place`,
    warehouseId,
    shopId,
  )

/** Variants that wait, the longest first. */
export const findListingsMoved = async (send: Send, most: number): Promise<string[]> =>
  (await send<{ id: string }>(waiting, most)).map(({ id }) => id)

/** Takes those of the variants that nobody else has in hand. */
export const takeListingsMoved = async (tx: SqlSeam, variantIds: readonly string[]): Promise<string[]> => {
  const sql = `DELETE FROM listing_moved WHERE variant_id IN (
    SELECT variant_id FROM listing_moved WHERE variant_id = ANY($1::text[]) FOR UPDATE SKIP LOCKED) RETURNING variant_id AS id`
  return (await tx.$queryRawUnsafe<{ id: string }[]>(sql, variantIds)).map(({ id }) => id)
}
