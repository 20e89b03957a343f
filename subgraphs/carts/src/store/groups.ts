import type { SqlSeam } from '@pasar/shared/seam'
import { anyOf } from '@pasar/shared/statement'

/** The lines of one shop, without them. */
export interface GroupRow {
  readonly id: string
  readonly cartId: string
  readonly shopId: string
  readonly courierServiceId: string | null
  readonly addressId: string | null
  readonly accountId: string | null
}

const byIds = `SELECT g.id, g.cart_id AS "cartId", g.shop_id AS "shopId", g.courier_service_id AS "courierServiceId",
  c.address_id AS "addressId", c.account_id AS "accountId" FROM cart_group g JOIN cart c ON c.id = g.cart_id
  WHERE g.id = ${anyOf('$1::text[]')}`

export const findGroups = (db: SqlSeam, ids: readonly string[]): Promise<GroupRow[]> => db.$queryRawUnsafe(byIds, ids)
