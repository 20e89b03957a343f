import { rowsOf } from '@pasar/shared/postgres/statement'
import type { Tx } from './database.ts'

/** In one order, so that two who want several never wait for each other. */
const hold = `SELECT id FROM voucher WHERE id = ANY($1::text[]) ORDER BY shop_id, id FOR NO KEY UPDATE`

/** Holds vouchers: nobody else takes a use of them, or gives one back, before the transaction is over. */
export const holdVouchers = (tx: Tx, ids: readonly string[]) => tx.$queryRawUnsafe(hold, ids)

const add = `WITH claimed AS (
    INSERT INTO voucher_use (order_id, voucher_id, buyer_id, claimed_at)
    SELECT order_id, voucher_id, $3::text, $4::timestamptz FROM ${rowsOf('$1::text[]', '$2::text[]')} AS one (order_id, voucher_id)
    RETURNING voucher_id)
  UPDATE voucher SET used = used + 1 FROM claimed WHERE id = claimed.voucher_id`

/** Orders of one buyer, and the voucher that each uses; no two of them the same one. */
export interface NewUses {
  readonly uses: readonly { readonly orderId: string; readonly voucherId: string }[]
  readonly buyerId: string
  readonly now: Date
}

/** Takes uses of held vouchers. */
export const addUses = (tx: Tx, { uses, buyerId, now }: NewUses) =>
  tx.$executeRawUnsafe(
    add,
    uses.map(({ orderId }) => orderId),
    uses.map(({ voucherId }) => voucherId),
    buyerId,
    now,
  )

const giveBack = `WITH back AS (
    UPDATE voucher_use SET given_back_at = $2::timestamptz WHERE order_id = $1 AND given_back_at IS NULL RETURNING voucher_id)
  UPDATE voucher SET used = used - 1 FROM back WHERE id = back.voucher_id`

/** Gives an order's use back, once: somebody else may have it. */
export const giveUseBack = (tx: Tx, orderId: string, now: Date) => tx.$executeRawUnsafe(giveBack, orderId, now)

const isFree = `SELECT NOT EXISTS (
    SELECT FROM voucher_use gone JOIN voucher v ON v.id = gone.voucher_id
    WHERE gone.order_id = ANY($1::text[]) AND gone.given_back_at IS NOT NULL AND (v.used >= v.uses OR v.uses_per_buyer <= (
      SELECT count(*) FROM voucher_use u WHERE u.voucher_id = v.id AND u.buyer_id = gone.buyer_id AND u.given_back_at IS NULL))) AS free`

const takeAgain = `WITH again AS (
    UPDATE voucher_use SET given_back_at = NULL WHERE order_id = ANY($1::text[]) AND given_back_at IS NOT NULL RETURNING voucher_id)
  UPDATE voucher SET used = used + 1 FROM again WHERE id = again.voucher_id`

/** Takes all uses of held vouchers again that these orders gave back; false, and none of them, where one is somebody else's now. */
export async function takeUsesAgain(tx: Tx, orderIds: readonly string[]): Promise<boolean> {
  const [{ free }] = await tx.$queryRawUnsafe<[{ free: boolean }]>(isFree, orderIds)
  if (free) await tx.$executeRawUnsafe(takeAgain, orderIds)
  return free
}
