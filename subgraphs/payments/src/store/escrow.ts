import type { Minor } from '@pasar/shared/money'
import type { EscrowMove, EscrowState } from '../domain/escrow.ts'
import type { OrderShare } from '../domain/journals.ts'
import type { Database, Tx } from './database.ts'

/** One order's part of a payment, and where its money is. */
export interface PaymentOrder extends OrderShare {
  readonly paymentId: string
  readonly escrow: EscrowState
}

interface OrderRow {
  readonly order_id: string
  readonly payment_id: string
  readonly buyer_id: string
  readonly shop_id: string
  readonly items_amount: bigint
  readonly shipping_amount: bigint
  readonly escrow: string
}

const columns = `order_id, payment_id, buyer_id, shop_id, items_amount, shipping_amount, escrow`

const read = async (db: Database | Tx, where: string, ...values: unknown[]): Promise<PaymentOrder[]> =>
  (await db.$queryRawUnsafe<OrderRow[]>(`SELECT ${columns} FROM payment_order WHERE ${where} ORDER BY order_id`, ...values)).map(
    (row) => ({
      orderId: row.order_id,
      paymentId: row.payment_id,
      buyerId: row.buyer_id,
      shopId: row.shop_id,
      itemsAmount: row.items_amount as Minor,
      shippingAmount: row.shipping_amount as Minor,
      escrow: row.escrow as EscrowState,
    }),
  )

/** Parts of payments by order. */
export const findPaymentOrders = (db: Database | Tx, orderIds: readonly string[]) =>
  read(db, 'order_id = ANY($1::text[])', orderIds)

/** All parts of one payment. */
export const ordersOfPayment = (tx: Tx, paymentId: string) => read(tx, 'payment_id = $1', paymentId)

/** Puts down what a payment is for. */
export const insertPaymentOrders = (tx: Tx, paymentId: string, shares: readonly OrderShare[]) =>
  tx.paymentOrder.createMany({ data: shares.map((share) => ({ ...share, paymentId, escrow: 'AWAITING' })) })

const move = `UPDATE payment_order SET escrow = $3 WHERE order_id = ANY($1::text[]) AND escrow = $2`

/** Moves the money of those orders that are where the move begins; says how many moved. */
export const moveEscrow = (tx: Tx, orderIds: readonly string[], { from, to }: EscrowMove): Promise<number> =>
  tx.$executeRawUnsafe(move, orderIds, from, to)
