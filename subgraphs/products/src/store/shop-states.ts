import type { SqlSeam } from '@pasar/shared/transaction'

/** Whether a shop is suspended; the row stays locked, so that a suspension waits for a product that is just being made. */
export async function isShopSuspended(tx: SqlSeam, shopId: string): Promise<boolean> {
  await tx.$executeRawUnsafe(
    `INSERT INTO shop_state (shop_id, suspended, seq) VALUES ($1, false, 0) ON CONFLICT DO NOTHING`,
    shopId,
  )
  const sql = `SELECT suspended FROM shop_state WHERE shop_id = $1 FOR SHARE`
  const [row] = await tx.$queryRawUnsafe<{ suspended: boolean }[]>(sql, shopId)
  return row!.suspended
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
