import { rupiah } from '@pasar/shared/money'
import type { PaymentsContext } from '../context.ts'
import { shopEntryKind, walletEntryKind } from '../domain/entries.ts'
import { resolvePayment, resolveRefund, resolveWithdrawal, type Statement } from '../entities.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import type { Entry } from '../store/entries.ts'

/** What every movement on a balance shows; what it is about is looked up as by anybody. */
const entry = {
  amount: ({ amount }: Entry) => rupiah(amount),
  balance: ({ balance }: Entry) => rupiah(balance),
  order: ({ orderId }: Entry) => (orderId === null ? null : { id: orderId }),
  refund: ({ refundId }: Entry, _: unknown, ctx: PaymentsContext) =>
    refundId === null ? null : resolveRefund({ id: refundId }, ctx),
}

/** What was there before or after the period of a statement, looked up where it is asked for; null where it is not the viewer's to see. */
const endOf = (side: 'opening' | 'closing') => async (statement: Statement) => {
  const ends = await statement.ends()
  return ends && rupiah(ends[side])
}
const [opening, closing] = [endOf('opening'), endOf('closing')]

/** Movements on the balances of shops and buyers. Whoever has a shop's balance may see them. */
export const entries = {
  ShopBalanceEntryConnection: {
    opening: async (statement) => (await opening(statement))!,
    closing: async (statement) => (await closing(statement))!,
  },
  WalletEntryConnection: { opening, closing },
  ShopBalanceEntry: {
    ...entry,
    kind: shopEntryKind,
    withdrawal: ({ withdrawalId }, _, ctx) => (withdrawalId === null ? null : resolveWithdrawal({ id: withdrawalId }, ctx)),
  },
  WalletEntry: {
    ...entry,
    kind: walletEntryKind,
    payment: ({ paymentId }, _, ctx) => (paymentId === null ? null : resolvePayment({ id: paymentId }, ctx)),
  },
} satisfies Resolvers
