import { newId } from '@pasar/shared/ids'
import { executeLast, type SqlSeam } from '@pasar/shared/postgres/seam'
import type { MergePlan } from '../domain/merge.ts'
import { cartFacts, type CartRow } from './carts.ts'

const hold = `WITH guest AS MATERIALIZED (SELECT id, ${cartFacts} FROM cart WHERE token_hash = $1 FOR UPDATE),
  own AS (
    INSERT INTO cart (id, account_id, version, created_at) SELECT $2::text, $3::text, 2, $4::timestamptz
    FROM guest WHERE "mergedInto" IS NULL AND ("expiresAt" IS NULL OR "expiresAt" > $4::timestamptz)
    ON CONFLICT (account_id) DO UPDATE SET version = cart.version + 1
      WHERE cart.locked_by IS NULL AND ($5::integer IS NULL OR cart.version = $5::integer)
    RETURNING id, ${cartFacts})
  SELECT true AS "isGuest", * FROM guest UNION ALL SELECT false, * FROM own`

/** Who merges which guest's cart, in which version of the own one, and when. */
export interface Merge {
  readonly tokenHash: string
  readonly accountId: string
  readonly expectedVersion: number | null
  readonly now: Date
}

/**
 * A guest's cart and, where that is open, the account's in its next version, made when there is none; undefined where it may not be changed.
 * The guest's is always taken first, so that two merges cannot wait for each other.
 */
export async function holdCarts(tx: SqlSeam, { tokenHash, accountId, now, expectedVersion }: Merge) {
  const values = [tokenHash, newId('cart'), accountId, now, expectedVersion]
  const rows = await tx.$queryRawUnsafe<(CartRow & { readonly isGuest: boolean })[]>(hold, ...values)
  return { guest: rows.find(({ isGuest }) => isGuest), own: rows.find(({ isGuest }) => !isGuest) }
}

const merge = `WITH groups AS (
    INSERT INTO cart_group (id, cart_id, shop_id, courier_service_id, added_at)
    SELECT id, $2, shop_id, courier_service_id, $3::timestamptz FROM unnest($4::text[], $5::text[], $6::text[]) AS g (id, shop_id, courier_service_id)
    ON CONFLICT (cart_id, shop_id) DO UPDATE SET courier_service_id = coalesce(cart_group.courier_service_id, excluded.courier_service_id)),
  lines AS (
    INSERT INTO cart_line (id, cart_id, group_id, variant_id, quantity, selected, seen_price, seen_available, seen_active, added_at)
    SELECT moved.id, $2, moved.group_id, l.variant_id, l.quantity, l.selected, l.seen_price, l.seen_available, l.seen_active, $3::timestamptz
    FROM unnest($7::text[], $8::text[], $9::text[]) AS moved (id, group_id, line_id) JOIN cart_line l ON l.id = moved.line_id),
  quantities AS (
    UPDATE cart_line l SET quantity = sum.quantity, selected = sum.selected, seen_available = greatest(l.seen_available, sum.quantity)
    FROM unnest($10::text[], $11::integer[], $12::boolean[]) AS sum (id, quantity, selected) WHERE l.id = sum.id),
  gone_lines AS (DELETE FROM cart_line WHERE cart_id = $1 AND id = ANY($13::text[])),
  gone_groups AS (DELETE FROM cart_group WHERE cart_id = $1 AND id = ANY($14::text[])),
  destination AS (UPDATE cart SET address_id = $15 WHERE id = $2 AND address_id IS NULL)
  UPDATE cart SET merged_into = $2 WHERE id = $1`

/**
 * Puts what is in a guest's cart into the account's, both held by this transaction, and ends the guest's. Nobody has been shown the sum of
 * two quantities: where it is not there, that is news. The last thing that a transaction does.
 */
export async function mergeInto(
  tx: SqlSeam,
  { guest, own, now }: { guest: CartRow; own: CartRow; now: Date },
  { groups, moved, added, taken, emptied }: MergePlan,
): Promise<void> {
  const ofGroups = [groups.map(({ id }) => id), groups.map(({ shopId }) => shopId), groups.map((group) => group.courierServiceId)]
  const ofMoved = [moved.map(({ id }) => id), moved.map(({ groupId }) => groupId), moved.map(({ lineId }) => lineId)]
  const ofAdded = [added.map(({ id }) => id), added.map(({ quantity }) => quantity), added.map(({ selected }) => selected)]
  const values = [...ofGroups, ...ofMoved, ...ofAdded, taken, emptied, guest.addressId]
  await executeLast(tx, merge, guest.id, own.id, now, ...values)
}
