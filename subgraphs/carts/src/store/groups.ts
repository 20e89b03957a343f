import { newId } from '@pasar/shared/ids'
import type { SqlSeam } from '@pasar/shared/seam'
import type { Tx } from './client.ts'

/** The lines of one shop, without them. */
export interface GroupRow {
  readonly id: string
  readonly cartId: string
  readonly shopId: string
  readonly courierServiceId: string | null
  readonly addressId: string | null
  readonly accountId: string | null
}

const select = `SELECT g.id, g.cart_id AS "cartId", g.shop_id AS "shopId", g.courier_service_id AS "courierServiceId",
  c.address_id AS "addressId", c.account_id AS "accountId" FROM cart_group g JOIN cart c ON c.id = g.cart_id`

export const findGroups = (db: SqlSeam, ids: readonly string[]): Promise<GroupRow[]> =>
  db.$queryRawUnsafe(`${select} WHERE g.id = ANY($1::text[])`, ids)

export const findGroupsOfCarts = (db: SqlSeam, cartIds: readonly string[]): Promise<GroupRow[]> =>
  db.$queryRawUnsafe(`${select} WHERE g.cart_id = ANY($1::text[]) ORDER BY g.added_at, g.id`, cartIds)

/** The group of a shop in a cart, made when there is none. */
export async function groupFor(tx: Tx, group: { cartId: string; shopId: string; now: Date }): Promise<string> {
  const { cartId, shopId, now } = group
  const where = { cartId_shopId: { cartId, shopId } }
  const found = await tx.cartGroup.findUnique({ where })
  return (found ?? (await tx.cartGroup.create({ data: { id: newId('cartGroup'), cartId, shopId, addedAt: now } }))).id
}

export const setCourierService = async (tx: Tx, group: { id: string; cartId: string; courierServiceId: string }) => {
  const { id, cartId, courierServiceId } = group
  return (await tx.cartGroup.updateMany({ where: { id, cartId }, data: { courierServiceId } })).count
}
