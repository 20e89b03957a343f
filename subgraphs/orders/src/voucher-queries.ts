import { minorUnits } from '@pasar/shared/money'
import { connection, parsePage, type Connection, type PageArguments } from '@pasar/shared/subgraph/page'
import { actsFor, requireAccount, type Viewer } from '@pasar/shared/identity/viewer'
import { maySeeForReason } from './access.ts'
import type { OrdersContext } from './context.ts'
import {
  offerOf,
  unavailable,
  type CartGroupReference,
  type Voucher,
  type VoucherOffer,
  type VoucherUnavailable,
} from './domain/voucher.ts'
import { parseVoucherCode } from './domain/voucher-terms.ts'
import { askKey } from './loaders.ts'
import { pageOfVouchers } from './store/vouchers.ts'

/** How a shop's list of vouchers is asked for. */
export interface VoucherListArguments extends PageArguments {
  readonly reason?: string | null
}

const look = (viewer: Viewer, shopId: string) =>
  ({ subjectId: shopId, action: 'vouchers.list', own: actsFor(viewer, shopId) }) as const

/** All vouchers of a shop; null for everyone but its accounts and staff, who say why. */
export async function vouchersOfShop(
  context: OrdersContext,
  shopId: string,
  { reason = null, ...paging }: VoucherListArguments,
): Promise<Connection<Voucher> | null> {
  const page = parsePage(paging)
  if (!(await maySeeForReason(context, { ...look(context.viewer, shopId), reason }))) return null
  const rows = await pageOfVouchers(context.db, shopId, page)
  return connection(rows, page, ({ createdAt, id }) => [createdAt.toISOString(), id])
}

/** Whether somebody may see how often a voucher is used: no business of buyers and rivals. Staff who see it where it is listed have looked, too. */
export const maySeeUses = (context: OrdersContext, { shopId }: Voucher): Promise<boolean> =>
  maySeeForReason(context, look(context.viewer, shopId))

/** What a voucher would take off a part of the viewer's cart, or why it cannot be used. */
export async function offerFor(
  { viewer, loaders, clock }: OrdersContext,
  { shop, itemsTotal }: CartGroupReference,
  rawCode: string,
): Promise<VoucherOffer | VoucherUnavailable | null> {
  const { accountId: buyerId } = requireAccount(viewer)
  const code = parseVoucherCode(rawCode, 'code')
  if (!shop || !itemsTotal) return null
  const wish = { shopId: shop.id, code }
  const items = minorUnits(itemsTotal.amount)
  if (items === 0n) return unavailable(wish, 'NOT_FOR_THIS_CART')
  const found = await loaders.foundVoucher.load(askKey({ ...wish, buyerId }))
  return offerOf(wish, found ?? undefined, { items, now: clock.now() })
}
