import { rupiah } from '@pasar/shared/money'
import { stateOf } from '../domain/voucher.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { maySeeUses, offerFor } from '../voucher-queries.ts'

const orNull = (amount: bigint | null) => (amount === null ? null : rupiah(amount))

/** Vouchers, and what they would do to a cart. */
export const vouchers = {
  Voucher: {
    shop: ({ shopId }) => ({ id: shopId }),
    amount: ({ amount }) => orNull(amount),
    maxDiscount: ({ maxDiscount }) => orNull(maxDiscount),
    minimumSpend: ({ minimumSpend }) => rupiah(minimumSpend),
    uses: async (voucher, _, context) => ((await maySeeUses(context, voucher)) ? voucher.uses : null),
    used: async (voucher, _, context) => ((await maySeeUses(context, voucher)) ? voucher.used : null),
    state: (voucher, _, { clock }) => stateOf(voucher, clock.now()),
  },
  VoucherOffer: { discount: ({ discount }) => rupiah(discount) },
  CartGroup: { voucherOffer: (group, { code }, context) => offerFor(context, group, code) },
} satisfies Resolvers
