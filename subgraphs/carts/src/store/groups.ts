import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { FoundOrigin } from '../domain/cart.ts'

/** The lines of one shop, without them. */
export interface GroupRow extends FoundOrigin {
  readonly id: string
  readonly cartId: string
  readonly shopId: string
  readonly courierServiceId: string | null
  readonly addressId: string | null
  readonly accountId: string | null
}

const byIds = `SELECT g.id, g.cart_id AS "cartId", g.shop_id AS "shopId", g.courier_service_id AS "courierServiceId",
  g.found_origin AS "foundOrigin", g.found_for AS "foundFor", c.address_id AS "addressId", c.account_id AS "accountId" FROM cart_group g JOIN cart c ON c.id = g.cart_id
  WHERE g.id = ${anyOf('$1::text[]')}`

export const findGroups = (db: SqlSeam, ids: readonly string[]): Promise<GroupRow[]> => db.$queryRawUnsafe(byIds, ids)
