import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { idParser, newId } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireShop } from '@pasar/shared/identity/viewer'
import type { OrdersContext } from '../context.ts'
import { parseVoucherTerms, voucherBounds } from '../domain/voucher-terms.ts'
import type { CreateVoucherInput } from '../generated/resolvers.ts'
import { countAhead, insertVoucher } from '../store/vouchers.ts'

const parseShopId = idParser('shop')

/** Makes a voucher of one of the seller's shops. */
export function createVoucher(context: OrdersContext, { idempotencyKey, ...input }: CreateVoucherInput) {
  const shopId = parseShopId(input.shopId, 'shopId')
  const { accountId: actor } = requireShop(context.viewer, shopId)
  const attempt = { scope: 'createVoucher', actor, key: parseIdempotencyKey(idempotencyKey), input }
  return runOnce(context, attempt, async (tx) => {
    const createdAt = context.clock.now()
    const terms = parseVoucherTerms(input, createdAt)
    const most = voucherBounds.aheadMax
    if ((await countAhead(tx, shopId, createdAt)) >= most) return problem('TooManyVouchers', { most })
    const voucherId = newId('voucher')
    if (!(await insertVoucher(tx, { ...terms, id: voucherId, shopId, createdAt })))
      return problem('VoucherCodeTaken', { voucherCode: terms.code })
    return { __typename: 'CreateVoucherSuccess', voucherId } as const
  })
}
