import type { OrderEndReason } from '@pasar/schema/events/orders'
import { refuseUnkeepable } from '@pasar/shared/bounded-text'
import { limits } from '@pasar/shared/limits'
import { maySee, type Look } from '@pasar/shared/subgraph/looks'
import { BadInput } from '@pasar/shared/problems'
import { actsFor, isAccount, isStaff, type Viewer } from '@pasar/shared/identity/viewer'
import type { OrdersContext } from './context.ts'
import type { Checkout } from './domain/checkout.ts'
import type { Order, OrderParty } from './domain/order.ts'

/**
 * As whom a viewer stands to an order; nobody for a stranger. Nobody decides as staff about an order that is their own, nor for a shop of
 * somebody else about what they bought there: the money is not theirs.
 */
export function partiesOf(viewer: Viewer, order: Pick<Order, 'buyerId' | 'shopId'>): readonly OrderParty[] {
  if (viewer.kind !== 'account') return []
  const buys = viewer.accountId === order.buyerId
  const sells = buys ? viewer.shopIds.includes(order.shopId) : actsFor(viewer, order.shopId)
  const own = [...(buys ? (['BUYER'] as const) : []), ...(sells ? (['SELLER'] as const) : [])]
  return own.length === 0 && isStaff(viewer) ? ['STAFF'] : own
}

/** How orders end of which a parcel was on its way. */
const sentAndEnded: readonly (OrderEndReason | null)[] = ['PARCEL_CAME_BACK', 'PARCEL_LOST', 'RETURNED']

/** Whether there is or was something to send to where an order goes: not before it is paid, nor when it has ended before that. */
const isToBeSent = ({ paidAt, state, endReason }: Order): boolean =>
  paidAt !== null && (state !== 'CANCELLED' || sentAndEnded.includes(endReason))

/** Whether a viewer of an order may see where it goes: a seller has no use for it where there is nothing to send. */
export const maySeeAddress = (viewer: Viewer, order: Order): boolean =>
  isToBeSent(order) || partiesOf(viewer, order).some((party) => party !== 'SELLER')

/** Whether a viewer of an order may see which of the shop's warehouses it leaves from: a buyer sees no more of that than its region. */
export const maySeeOrigin = (viewer: Viewer, order: Order): boolean => partiesOf(viewer, order).some((party) => party !== 'BUYER')

export const isBuyer = (viewer: Viewer, { buyerId }: { readonly buyerId: string }): boolean => isAccount(viewer, buyerId)

/** Something that a viewer wants to see, for which staff must give a reason. */
export interface ReasonedLook extends Omit<Look, 'reason'> {
  /** Undefined where another field has asked for it already. */
  readonly reason?: string | null | undefined
}

/** Whether the viewer may see something, as maySee says; throws BadInput where staff give no reason. */
export async function maySeeForReason(context: OrdersContext, { reason: raw, ...look }: ReasonedLook): Promise<boolean> {
  const isNeeded = raw !== undefined && !look.own && isStaff(context.viewer)
  return maySee(context, { ...look, reason: isNeeded ? parseReason(raw) : null })
}

/** A list's orders, into each of which the viewer has then looked where it is not the viewer's own: for the reason that the list is seen for. */
export async function seenInList(context: OrdersContext, orders: readonly Order[], rawReason: string | null): Promise<void> {
  const reason = parseReason(rawReason)
  const foreign = orders.filter((order) => partiesOf(context.viewer, order).includes('STAFF'))
  await Promise.all(foreign.map(({ id }) => context.noteLook(id, { action: 'order.look', reason })))
}

function parseReason(raw: string | null): string {
  const reason = raw?.trim() ?? ''
  if (reason === '' || reason.length > limits.reasonCharactersMax)
    throw new BadInput('reason', {
      id: `alasan Anda melihatnya, 1 sampai ${limits.reasonCharactersMax} karakter`,
      en: `why you look into it, 1 to ${limits.reasonCharactersMax} characters`,
    })
  refuseUnkeepable(reason, 'reason')
  return reason
}

/** An order, if the viewer may see it. */
export const visibleOrder = async (
  context: OrdersContext,
  order: Order | null,
  reason?: string | null,
): Promise<Order | null> => {
  if (!order) return null
  const parties = partiesOf(context.viewer, order)
  const own = parties.some((party) => party !== 'STAFF')
  return (await maySeeForReason(context, { subjectId: order.id, action: 'order.look', own, reason })) ? order : null
}

/** Those of a checkout's orders that the viewer may see, who has been asked why when it was about the checkout. */
export async function visibleOrders(context: OrdersContext, orders: readonly Order[]): Promise<Order[]> {
  const seen = await Promise.all(orders.map((order) => visibleOrder(context, order)))
  return seen.filter((order) => order !== null)
}

/** A checkout, if the viewer may see it. */
export const visibleCheckout = async (
  context: OrdersContext,
  checkout: Checkout | null,
  reason?: string | null,
): Promise<Checkout | null> => {
  if (!checkout) return null
  const own = isBuyer(context.viewer, checkout)
  return (await maySeeForReason(context, { subjectId: checkout.id, action: 'checkout.look', own, reason })) ? checkout : null
}
