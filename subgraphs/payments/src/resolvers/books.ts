import { rupiah } from '@pasar/shared/money'
import type { Resolvers } from '../generated/resolvers.ts'

/** What staff see of the books: the ledger, what the market charges by, and what is open with couriers. */
export const books = {
  LedgerJournal: { postings: ({ id }, _, { loaders }) => loaders.postings.load(id) },
  LedgerPosting: { amount: ({ amount }) => rupiah(amount) },
  CommissionRule: { shop: ({ shopId }) => (shopId === null ? null : { id: shopId }) },
  PaymentFeeRule: { fixedAmount: ({ fixedAmount }) => rupiah(fixedAmount) },
  ShopTaxRule: { shop: ({ shopId }) => ({ id: shopId }) },
  CourierDue: {
    order: ({ orderId }) => (orderId === null ? null : { id: orderId }),
    amount: ({ amount }) => rupiah(amount),
    settled: ({ settled }) => rupiah(settled),
  },
  CourierStatement: { received: ({ received }) => rupiah(received) },
  CourierStatementLine: {
    amount: ({ amount }) => rupiah(amount),
    matched: ({ matched }) => rupiah(matched),
  },
} satisfies Resolvers
