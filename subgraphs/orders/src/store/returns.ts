import type { Id } from '@pasar/shared/ids'
import type { Minor } from '@pasar/shared/money'
import type { Picture } from '@pasar/shared/pictures'
import type { ReturnSolution } from '../domain/order.ts'
import type { ReturnReason, Units } from '../domain/refund-plan.ts'
import type { Tx } from './client.ts'

/** What a buyer asks for who is not content with what arrived. */
export interface OrderReturn {
  readonly id: Id<'return'>
  readonly orderId: Id<'order'>
  readonly reason: ReturnReason
  readonly solution: ReturnSolution
  readonly note: string
  readonly evidence: readonly Picture[]
  readonly itemsAmount: Minor
  readonly shippingAmount: Minor
  readonly requestedAt: Date
  readonly units: readonly Units[]
}

export async function addReturn(tx: Tx, { units, evidence, ...row }: OrderReturn): Promise<void> {
  await tx.orderReturn.create({ data: { ...row, evidence: evidence.map((picture) => ({ ...picture })) } })
  await tx.orderReturnLine.createMany({ data: units.map((unit) => ({ returnId: row.id, ...unit })) })
}

export async function findReturns(db: Tx, orderIds: readonly string[]): Promise<OrderReturn[]> {
  const select = { orderLineId: true, quantity: true }
  const rows = await db.orderReturn.findMany({
    where: { orderId: { in: [...orderIds] } },
    include: { lines: { select, orderBy: { orderLineId: 'asc' } } },
  })
  return rows.map(({ lines: units, ...row }) => ({ ...row, units }) as unknown as OrderReturn)
}
