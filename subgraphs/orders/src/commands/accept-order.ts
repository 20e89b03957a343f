import type { OrdersContext } from '../context.ts'
import type { AcceptOrderInput } from '../generated/resolvers.ts'
import { changeOrder } from './change-order.ts'

/** The seller will send a paid order. */
export const acceptOrder = (context: OrdersContext, input: AcceptOrderInput) =>
  changeOrder(context, input, { scope: 'acceptOrder', success: 'AcceptOrderSuccess', move: 'ACCEPT', facts: () => ({}) })
