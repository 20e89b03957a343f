import { afterTime, type Page } from '@pasar/shared/subgraph/page'
import { lockName } from '@pasar/shared/postgres/seam'
import { anyOf, rowsOf } from '@pasar/shared/postgres/statement'
import type { FoundVoucher, Voucher } from '../domain/voucher.ts'
import { voucherBounds, type VoucherWish } from '../domain/voucher-terms.ts'
import type { Tx } from './database.ts'

const columns = `v.id, v.shop_id AS "shopId", v.code, v.amount, v.percent, v.max_discount AS "maxDiscount", v.minimum_spend AS "minimumSpend",
  v.uses, v.uses_per_buyer AS "usesPerBuyer", v.used, v.listed, v.starts_at AS "startsAt", v.ends_at AS "endsAt", v.ended_at AS "endedAt",
  v.created_at AS "createdAt", v.version`

const byId = `SELECT ${columns} FROM voucher v WHERE v.id = ${anyOf('$1::text[]')}`

export const findVouchers = (db: Tx, ids: readonly string[]): Promise<Voucher[]> => db.$queryRawUnsafe(byId, ids)

/** Which voucher somebody asks for, and who. */
export interface VoucherAsk extends VoucherWish {
  readonly buyerId: string
}

const asked = `SELECT ${columns}, asked.buyer_id AS "buyerId", (
    SELECT count(*) FROM voucher_use u WHERE u.voucher_id = v.id AND u.buyer_id = asked.buyer_id AND u.given_back_at IS NULL)::integer AS "usedByBuyer"
  FROM ${rowsOf('$1::text[]', '$2::text[]', '$3::text[]')} AS asked (shop_id, code, buyer_id)
  JOIN voucher v ON v.shop_id = asked.shop_id AND v.code = asked.code`

/** The vouchers that are asked for, as far as they exist, with what each buyer has used of them. */
export const findVouchersFor = (db: Tx, asks: readonly VoucherAsk[]): Promise<FoundVoucher[]> =>
  db.$queryRawUnsafe(
    asked,
    asks.map(({ shopId }) => shopId),
    asks.map(({ code }) => code),
    asks.map(({ buyerId }) => buyerId),
  )

const page = `SELECT ${columns} FROM voucher v WHERE v.shop_id = $1 AND ($2::timestamptz IS NULL OR (v.created_at, v.id) < ($2::timestamptz, $3::text))
  ORDER BY v.created_at DESC, v.id DESC LIMIT $4`

/** One page of a shop's vouchers, newest first, and one more row. */
export function pageOfVouchers(db: Tx, shopId: string, asked: Page): Promise<Voucher[]> {
  const after = afterTime(asked)
  return db.$queryRawUnsafe(page, shopId, after?.time ?? null, after?.id ?? null, asked.first + 1)
}

const listed = `SELECT found.* FROM ${rowsOf('$1::text[]')} AS shop (id) CROSS JOIN LATERAL (
    SELECT ${columns} FROM voucher v
    WHERE v.shop_id = shop.id AND v.listed AND v.ended_at IS NULL AND v.ends_at > $2::timestamptz AND v.starts_at <= $2::timestamptz AND v.used < v.uses
    ORDER BY v.ends_at, v.id LIMIT ${voucherBounds.listedMax}) AS found
  ORDER BY found."endsAt", found.id`

/** What shops show to everybody and can be used now, what ends first at the front. */
export const findListed = (db: Tx, shopIds: readonly string[], now: Date): Promise<Voucher[]> =>
  db.$queryRawUnsafe(listed, shopIds, now)

const ahead = `SELECT count(*)::integer AS count FROM voucher WHERE shop_id = $1 AND ended_at IS NULL AND ends_at > $2::timestamptz`

/** How many of a shop's vouchers are not over, while nobody else makes one for it. */
export async function countAhead(tx: Tx, shopId: string, now: Date): Promise<number> {
  await lockName(tx, `vouchers ${shopId}`)
  return (await tx.$queryRawUnsafe<[{ count: number }]>(ahead, shopId, now))[0].count
}

const insert = `INSERT INTO voucher (id, shop_id, code, amount, percent, max_discount, minimum_spend, uses, uses_per_buyer, listed, starts_at, ends_at,
    created_at) VALUES ($1, $2, $3, $4::bigint, $5::integer, $6::bigint, $7::bigint, $8::integer, $9::integer, $10::boolean, $11::timestamptz,
    $12::timestamptz, $13::timestamptz)
  ON CONFLICT (shop_id, code) DO NOTHING`

/** A voucher that nobody has used yet. */
export type NewVoucher = Omit<Voucher, 'used' | 'endedAt' | 'version'>

/** Puts a voucher down; false where its shop has or had one with this code. */
export async function insertVoucher(tx: Tx, voucher: NewVoucher): Promise<boolean> {
  const { id, shopId, code, amount, percent, maxDiscount, minimumSpend, uses, usesPerBuyer } = voucher
  const { listed, startsAt, endsAt, createdAt } = voucher
  const gives = [amount, percent, maxDiscount, minimumSpend, uses, usesPerBuyer]
  return (await tx.$executeRawUnsafe(insert, id, shopId, code, ...gives, listed, startsAt, endsAt, createdAt)) === 1
}

const lock = `SELECT ${columns} FROM voucher v WHERE v.id = $1 FOR NO KEY UPDATE`

/** A voucher that nobody else ends or uses before the transaction is over. */
export const lockVoucher = async (tx: Tx, id: string): Promise<Voucher | undefined> =>
  (await tx.$queryRawUnsafe<Voucher[]>(lock, id))[0]

const end = `UPDATE voucher SET ended_at = $2::timestamptz, version = version + 1 WHERE id = $1 AND ended_at IS NULL`

/** Ends a voucher before its time. */
export const markEnded = (tx: Tx, id: string, now: Date) => tx.$executeRawUnsafe(end, id, now)
