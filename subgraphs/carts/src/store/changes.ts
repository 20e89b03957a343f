import type { Send, Statement } from '@pasar/shared/postgres/statement'
import type { OwnedLine } from './lines.ts'
import type { CartRow } from './carts.ts'

/** Takes the next version of a cart that is as it was read: whoever else changes it has to wait, and then finds another version. */
const hold = `UPDATE cart SET version = version + 1, address_id = coalesce($5, address_id),
    expires_at = CASE WHEN expires_at IS NULL THEN NULL ELSE $4::timestamptz END
  WHERE id = $1 AND version = $2 AND locked_by IS NULL AND merged_into IS NULL AND (expires_at IS NULL OR expires_at > $3::timestamptz)
  RETURNING id`

/** A statement that changes a cart, and its values after those that hold the cart. */
export interface Write {
  readonly statement: Statement
  readonly values: readonly unknown[]
}

/** Parts of one statement that happen if the cart can be held; each of them takes the cart from `held`. */
const changing = (name: string, ...parts: readonly string[]): Statement => ({
  name: `carts_${name}`,
  text: `WITH held AS (${hold})${parts.map((part, index) => `,\n  part_${index} AS (${part})`).join('')}\nSELECT id FROM held`,
  writes: true,
})

const destination = changing('destination')

export const setAddress = (addressId: string): Write => ({ statement: destination, values: [addressId] })

/** What a change writes that leaves the address as it is. */
const write = (statement: Statement, ...values: readonly unknown[]): Write => ({ statement, values: [null, ...values] })

const line = changing(
  'line',
  `INSERT INTO cart_group (id, cart_id, shop_id, added_at) SELECT $6, id, $7, $3 FROM held ON CONFLICT DO NOTHING`,
  `INSERT INTO cart_line (id, cart_id, group_id, variant_id, quantity, seen_price, seen_available, seen_active, added_at)
    SELECT $8, id, $6, $9, $10::integer, $11::bigint, $12::integer, $13::boolean, $3 FROM held`,
)

/** Adds a line, and its group where there is none. */
export const addLine = ({ id, groupId, shopId, variantId, quantity, ...seen }: OwnedLine): Write =>
  write(line, groupId, shopId, id, variantId, quantity, seen.seenPrice, seen.seenAvailable, seen.seenActive)

const quantities = changing(
  'quantity',
  `UPDATE cart_line l SET quantity = $7::integer, selected = $8::boolean, seen_available = $9::integer, seen_active = $10::boolean
    FROM held WHERE l.id = $6 AND l.cart_id = held.id`,
)

/** Sets how many units a line has, whether they are to be bought, and the stock that the buyer has seen. */
export const setQuantity = ({ id, quantity, selected, seenAvailable, seenActive }: OwnedLine): Write =>
  write(quantities, id, quantity, selected, seenAvailable, seenActive)

const removal = changing(
  'removal',
  `DELETE FROM cart_line l USING held WHERE l.id = $6 AND l.cart_id = held.id`,
  `DELETE FROM cart_group g USING held WHERE g.id = $7 AND g.cart_id = held.id`,
)

/** Removes a line, and its group where it is left without any. */
export const removeLine = (id: string, emptyGroupId: string | null): Write => write(removal, id, emptyGroupId)

const selection = changing(
  'selection',
  `UPDATE cart_line l SET selected = $7::boolean FROM held WHERE l.id = ANY($6::text[]) AND l.cart_id = held.id`,
)

export const setSelected = (ids: readonly string[], selected: boolean): Write => write(selection, ids, selected)

const courierService = changing(
  'courier_service',
  `UPDATE cart_group g SET courier_service_id = $7 FROM held WHERE g.id = $6 AND g.cart_id = held.id`,
)

export const setCourierService = (groupId: string, courierServiceId: string): Write =>
  write(courierService, groupId, courierServiceId)

const acknowledgement = changing(
  'acknowledgement',
  `UPDATE cart_line l SET seen_price = p.price, seen_available = p.available, seen_active = p.active
    FROM listing p, held WHERE p.variant_id = l.variant_id AND l.cart_id = held.id`,
)

export const acknowledgeLines = (): Write => write(acknowledgement)

/** When a cart is changed, and until when a guest's is kept then. */
export interface Moment {
  readonly now: Date
  readonly expiresAt: Date
}

/** Changes a cart; says no where it is no longer as it was read. */
export async function changeAsRead(send: Send, { id, version }: CartRow, { now, expiresAt, statement, values }: Moment & Write) {
  return (await send(statement, id, version, now, expiresAt, ...values)).length === 1
}
