import type { SqlSeam } from '@pasar/shared/postgres/seam'

/** Whether a shop is suspended; the row stays locked, so that a suspension waits for a product that is just being made. */
export const isShopSuspended = async (tx: SqlSeam, shopId: string): Promise<boolean> =>
  (await findSuspended(tx, [shopId])).has(shopId)

/** Shops of which nothing was heard yet get their rows, which can then be locked. */
const makeRows = `INSERT INTO shop_state (shop_id, suspended, seq) SELECT id, false, 0 FROM unnest($1::text[]) AS shop (id) ORDER BY id
  ON CONFLICT DO NOTHING`

/** Those of the shops that are suspended; their rows stay locked as above. */
export async function findSuspended(tx: SqlSeam, shopIds: readonly string[]): Promise<ReadonlySet<string>> {
  await tx.$executeRawUnsafe(makeRows, shopIds)
  const sql = `SELECT shop_id AS id, suspended FROM shop_state WHERE shop_id = ANY($1::text[]) ORDER BY shop_id FOR SHARE`
  const rows = await tx.$queryRawUnsafe<{ id: string; suspended: boolean }[]>(sql, shopIds)
  return new Set(rows.filter(({ suspended }) => suspended).map(({ id }) => id))
}

/** Locks a shop: whoever counts what it has next waits. */
export async function lockShop(tx: SqlSeam, shopId: string): Promise<void> {
  await tx.$executeRawUnsafe(makeRows, [shopId])
  await tx.$queryRawUnsafe(`SELECT shop_id FROM shop_state WHERE shop_id = $1 FOR NO KEY UPDATE`, shopId)
}

/** What an event of users says of a shop. */
export interface ShopState {
  readonly shopId: string
  readonly suspended: boolean
  /** Place of the event in the shop's life: an older one that comes late changes nothing. */
  readonly seq: number
}

/** Notes a shop's state and returns the products that change by it. */
export async function noteShopState(tx: SqlSeam, { shopId, suspended, seq }: ShopState): Promise<string[]> {
  const noted = await tx.$executeRawUnsafe(
    `INSERT INTO shop_state (shop_id, suspended, seq) VALUES ($1, $2, $3::bigint)
     ON CONFLICT (shop_id) DO UPDATE SET suspended = excluded.suspended, seq = excluded.seq WHERE shop_state.seq < excluded.seq`,
    shopId,
    suspended,
    seq,
  )
  if (noted === 0) return []
  const sql = `UPDATE product SET shop_suspended = $2 WHERE shop_id = $1 AND shop_suspended <> $2 RETURNING id`
  return (await tx.$queryRawUnsafe<{ id: string }[]>(sql, shopId, suspended)).map(({ id }) => id)
}
