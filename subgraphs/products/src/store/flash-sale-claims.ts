import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf, rowsOf, type Send, type Statement } from '@pasar/shared/postgres/statement'
import { bounds } from '../domain/bounds.ts'
import type { Bought, Claim, LimitedSale } from '../domain/flash-sale-claims.ts'

const keptMs = bounds.flashSaleBuyersKeptDays * 86_400_000

/** Until when sales must have ended whose buyers are forgotten at a moment. */
const forgottenBefore = (now: Date): Date => new Date(now.getTime() - keptMs)

const lock: Statement = {
  name: 'products lock flash sales',
  text: `SELECT id, state = 'RUNNING' AS "isRunning", ends_at > $2::timestamptz AS "knowsBuyers", units, units_per_buyer AS "unitsPerBuyer", taken
    FROM flash_sale WHERE id = ${anyOf('$1::text[]')} ORDER BY id FOR NO KEY UPDATE`,
}

/** Flash sales, of which nobody else takes or gives back until the end of the transaction. */
export const lockFlashSales = (send: Send, ids: readonly string[], now: Date): Promise<LimitedSale[]> =>
  send(lock, ids, forgottenBefore(now))

const ofBuyers: Statement = {
  name: 'products bought in flash sales',
  text: `SELECT flash_sale_id AS "flashSaleId", buyer_id AS "buyerId", sum(quantity)::integer AS quantity FROM flash_sale_claim
    WHERE flash_sale_id = ${anyOf('$1::text[]')} AND buyer_id = ${anyOf('$2::text[]')} AND NOT given_back GROUP BY 1, 2`,
}

/** What buyers hold or have bought of locked flash sales; asked after the lock, it has everything that was taken before. */
export const findBought = (send: Send, claims: readonly Claim[]): Promise<Bought[]> =>
  send(
    ofBuyers,
    [...new Set(claims.map((claim) => claim.flashSaleId))],
    [...new Set(claims.flatMap(({ buyerId }) => buyerId ?? []))],
  )

/** What a reservation takes of flash sales. */
export interface ReservedClaims {
  readonly reservationId: string
  readonly claims: readonly Claim[]
}

const write: Statement = {
  name: 'products claim flash sales',
  writes: true,
  text: `WITH
    claim AS (
      SELECT * FROM ${rowsOf('$1::text[]', '$2::text[]', '$3::text[]', '$4::integer[]')} AS c (reservation_id, flash_sale_id, buyer_id, quantity)),
    written AS (
      INSERT INTO flash_sale_claim (reservation_id, flash_sale_id, buyer_id, quantity)
      SELECT reservation_id, flash_sale_id, buyer_id, quantity FROM claim)
    UPDATE flash_sale f SET taken = f.taken + total.quantity
    FROM (SELECT flash_sale_id AS id, sum(quantity)::integer AS quantity FROM claim GROUP BY 1) AS total WHERE f.id = total.id`,
}

/** Writes down what new reservations take of locked flash sales. */
export async function writeClaims(send: Send, reserved: readonly ReservedClaims[]): Promise<void> {
  const all = reserved.flatMap(({ reservationId, claims }) => claims.map((claim) => ({ ...claim, reservationId })))
  await send(
    write,
    all.map(({ reservationId }) => reservationId),
    all.map(({ flashSaleId }) => flashSaleId),
    all.map(({ buyerId }) => buyerId),
    all.map(({ quantity }) => quantity),
  )
}

const earlier: Statement = {
  name: 'products earlier claims',
  text: `SELECT c.flash_sale_id AS "flashSaleId", f.variant_id AS "variantId", c.quantity, c.buyer_id AS "buyerId"
    FROM reservation r JOIN flash_sale_claim c ON c.reservation_id = r.id JOIN flash_sale f ON f.id = c.flash_sale_id WHERE r.checkout_id = $1`,
}

/** What a checkout's reservation took of flash sales, whatever has become of it, and who; nobody where that was erased since. */
export const findClaims = (send: Send, checkoutId: string): Promise<Omit<Claim, 'again'>[]> => send(earlier, checkoutId)

/** Forgets what an account bought in flash sales; what is sold of them stays. */
export const eraseFlashSaleBuyer = (tx: SqlSeam, accountId: string): Promise<number> =>
  tx.$executeRawUnsafe(`UPDATE flash_sale_claim SET buyer_id = NULL WHERE buyer_id = $1`, accountId)

const forget: Statement = {
  name: 'products forget flash sale buyers',
  writes: true,
  text: `UPDATE flash_sale_claim c SET buyer_id = NULL FROM (
      SELECT k.reservation_id, k.flash_sale_id FROM flash_sale_claim k JOIN flash_sale f ON f.id = k.flash_sale_id
      WHERE k.buyer_id IS NOT NULL AND f.ends_at <= $1::timestamptz LIMIT $2::bigint FOR UPDATE OF k SKIP LOCKED) AS old
    WHERE c.reservation_id = old.reservation_id AND c.flash_sale_id = old.flash_sale_id RETURNING c.reservation_id`,
}

/** Forgets so many of those who bought in flash sales that are long over; says how many. */
export const forgetFlashSaleBuyers = async (send: Send, now: Date, most: number): Promise<number> =>
  (await send(forget, forgottenBefore(now), most)).length
