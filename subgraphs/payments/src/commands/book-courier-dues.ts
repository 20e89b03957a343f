import type { EventPayloads } from '@pasar/schema/events'
import type { WayBackBearer } from '@pasar/schema/events/orders'
import type { Clock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import { minorUnits } from '@pasar/shared/money'
import { dueJournal, duesOf, type NewDue } from '../domain/courier-due.ts'
import { insertDue } from '../store/courier-dues.ts'
import type { Tx } from '../store/database.ts'
import { cashOf, findPaymentOrders, noteWayBack } from '../store/escrow.ts'
import { postJournal } from '../store/ledger.ts'
import { lockSeller } from '../store/seller-accounts.ts'
import { collectAtDoor } from './collect-at-door.ts'

type Arisen = EventPayloads['CourierDueArose']

/** Books what a courier has earned, or owes, by what became of a parcel; each once, however often it is told. */
export async function bookCourierDues(tx: Tx, clock: Clock, arisen: Arisen): Promise<void> {
  const { kind, orderId } = arisen
  if (kind === 'DELIVERED') await collectAtDoor(tx, clock, orderId)
  const [goodsAmount, shippingAmount] = [minorUnits(arisen.goodsAmount), minorUnits(arisen.shippingAmount)]
  const cash = kind === 'DELIVERED' ? await cashOf(tx, orderId) : minorUnits(0)
  for (const due of duesOf({ kind, goodsAmount, shippingAmount, cash })) await book(tx, clock, { arisen, due })
}

async function book(tx: Tx, clock: Clock, { arisen, due }: { readonly arisen: Arisen; readonly due: NewDue }): Promise<void> {
  const { shipmentId, courierId, orderId, shopId, trackingNumber } = arisen
  const id = newId('courierDue')
  const row = { ...due, id, courierId, orderId, trackingNumber, source: `${shipmentId}:${due.kind}`, arisenAt: clock.now() }
  if (!(await insertDue(tx, row))) return
  const wayBackBorneBy = due.kind === 'RETURN_SHIPPING' ? await bearerOf(tx, orderId) : 'MARKET'
  const seller = await lockSeller(tx, shopId)
  const goodsAmount = minorUnits(arisen.goodsAmount)
  await postJournal(tx, clock, dueJournal({ ...row, kind: due.kind, shopId, goodsAmount, wayBackBorneBy, seller }))
}

/** Orders tells who bears a way back long before the parcel is there; should that be late, this event is handed over again. */
async function bearerOf(tx: Tx, orderId: string): Promise<WayBackBearer> {
  const [order] = await findPaymentOrders(tx, [orderId])
  if (!order?.wayBackBorneBy) throw new Error(`nobody said yet who bears the way back of order ${orderId}`)
  return order.wayBackBorneBy
}

/** A return was agreed to: notes who will bear its way back. */
export async function noteReturn(tx: Tx, { orderId, wayBackBorneBy }: EventPayloads['ReturnApproved']): Promise<void> {
  await noteWayBack(tx, orderId, wayBackBorneBy ?? 'MARKET')
}
