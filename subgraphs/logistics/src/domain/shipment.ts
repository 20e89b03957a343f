/** Where a parcel stands: the aggregator's canonical states, and REQUESTED before it is booked there. */
export type Status =
  | 'REQUESTED'
  | 'CONFIRMED'
  | 'ALLOCATED'
  | 'PICKING_UP'
  | 'PICKED'
  | 'DROPPING_OFF'
  | 'DELIVERED'
  | 'ON_HOLD'
  | 'RETURN_IN_TRANSIT'
  | 'RETURNED'
  | 'LOST'
  | 'CANCELLED'

/** What a courier may say of a parcel. */
export type Scan = Exclude<Status, 'REQUESTED'>

/** What a courier says only of what it has, or has had. */
const inHand = ['PICKED', 'DROPPING_OFF', 'DELIVERED', 'RETURN_IN_TRANSIT', 'RETURNED', 'LOST'] as const

/**
 * Every move that a courier may tell of; what was never booked is cancelled without one. A notification may be lost, so later states are reached
 * from all earlier ones, and an end from wherever the parcel is; a second scan in the same state is another driver or another hub.
 */
export const moves = {
  REQUESTED: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: ['ALLOCATED', 'PICKING_UP', 'ON_HOLD', 'CANCELLED', ...inHand],
  ALLOCATED: ['ALLOCATED', 'PICKING_UP', 'ON_HOLD', 'CANCELLED', ...inHand],
  PICKING_UP: ['ALLOCATED', 'ON_HOLD', 'CANCELLED', ...inHand],
  PICKED: ['DROPPING_OFF', 'DELIVERED', 'ON_HOLD', 'RETURN_IN_TRANSIT', 'RETURNED', 'LOST', 'CANCELLED'],
  DROPPING_OFF: ['DROPPING_OFF', 'DELIVERED', 'ON_HOLD', 'RETURN_IN_TRANSIT', 'RETURNED', 'LOST', 'CANCELLED'],
  ON_HOLD: ['ALLOCATED', 'PICKING_UP', 'CANCELLED', ...inHand],
  RETURN_IN_TRANSIT: ['DROPPING_OFF', 'DELIVERED', 'ON_HOLD', 'RETURN_IN_TRANSIT', 'RETURNED', 'LOST', 'CANCELLED'],
  DELIVERED: [],
  RETURNED: [],
  LOST: [],
  CANCELLED: [],
} as const satisfies Record<Status, readonly Scan[]>

/** A frame of a shipment's live stream, before its fields are read. */
export interface ShipmentFrame {
  readonly cursor: string
  readonly occurredAt: string
  readonly status: Status
  readonly trackingEventId: string | null
  readonly shipmentId: string
}

/** What comes of a notification. */
export type Outcome = 'APPLIED' | 'LATE' | 'REFUSED'

/** A parcel as far as a scan is decided by it. */
export interface Standing {
  readonly status: Status
  /** When the courier says that the status began: only its own times are compared, clocks differ. */
  readonly statusAt: Date | null
  readonly picked: boolean
}

/** A scan as the courier tells it. */
export interface Told {
  readonly status: Scan
  readonly occurredAt: Date
}

/** Whether nothing more becomes of a parcel. */
export const isEnd = (status: Status): boolean => moves[status].length === 0

/** Whether nothing more becomes of a parcel, and this says so once more. */
export const isKnownEnd = (standing: Pick<Standing, 'status'>, told: Pick<Told, 'status'>): boolean =>
  standing.status === told.status && isEnd(standing.status)

/**
 * A scan older than the present state came late: it is history, it moves nothing. An end is never late, because nothing can have come after
 * it: a driver's clock was behind a hub's. But what a courier has stopped it had no business to have: whatever it says of that comes late.
 */
export function decide({ status, statusAt }: Standing, told: Told): Outcome {
  if (isKnownEnd({ status }, told)) return 'REFUSED'
  if (status === 'CANCELLED' && isPicked(told.status)) return 'LATE'
  if (!isEnd(told.status) && statusAt !== null && told.occurredAt < statusAt) return 'LATE'
  const allowed: readonly Scan[] = moves[status]
  return allowed.includes(told.status) ? 'APPLIED' : 'REFUSED'
}

/** Whether the courier has the parcel, or has had it. */
export const isPicked = (status: Status): boolean => (inHand as readonly Status[]).includes(status)

/** Whether a move passes the pick-up without telling of it: others wait for that word, so it is said for the courier. */
export const passesPickup = (standing: Standing, to: Scan): boolean => !standing.picked && isPicked(to) && to !== 'PICKED'

/** A parcel, and whether its courier has it. */
interface Held extends Pick<Standing, 'picked'> {
  readonly direction: 'OUTBOUND' | 'RETURN'
  /** Whether that is only a guess, because it would not call the parcel off. */
  readonly pickupGuessed: boolean
}

/** Whether this ends a return of which nobody knows whether it ever left its buyer. */
export const isUnclear = ({ direction, pickupGuessed }: Held, to: Status): boolean =>
  direction === 'RETURN' && to === 'CANCELLED' && pickupGuessed

/** Whether a courier that says this has lost what it had. */
export const isLoss = (held: Held, to: Status): boolean =>
  to === 'LOST' || (to === 'CANCELLED' && held.picked && !isUnclear(held, to))

/** What a courier says of a stopped parcel that is not gone: it is back where it came from or, of a return, in the shop. */
export const wordsOfReturn = ({ direction }: Pick<Held, 'direction'>): readonly Scan[] =>
  direction === 'RETURN' ? ['RETURNED', 'DELIVERED'] : ['RETURNED']

/** Whether a parcel has ended without ever leaving its sender. */
export const isStopped = ({ status, picked }: Standing): boolean => status === 'CANCELLED' && !picked

/** So long a courier has to come: only a pickup that was asked for this long before the stop was asked for in vain. */
const pickupTimeMs = 86_400_000

/** A parcel and whether somebody was asked to come for it. */
interface Fetched extends Pick<Standing, 'picked'> {
  readonly direction: 'OUTBOUND' | 'RETURN'
  readonly pickupRequestedAt: Date | null
}

/** A parcel and whether anybody has stopped it. */
interface Ended extends Fetched {
  /** Only what is booked has one. */
  readonly trackingNumber: string | null
  readonly cancelRequestedAt: Date | null
}

/** Whether this ends a return that never left its buyer, though nobody had stopped it, or only after its buyer had asked the courier in time to fetch it. */
export function isUnfetched(parcel: Ended, to: Status): boolean {
  const { direction, picked, trackingNumber, pickupRequestedAt, cancelRequestedAt } = parcel
  if (direction !== 'RETURN' || to !== 'CANCELLED' || picked || trackingNumber === null) return false
  if (cancelRequestedAt === null) return true
  return pickupRequestedAt !== null && cancelRequestedAt.getTime() - pickupRequestedAt.getTime() >= pickupTimeMs
}

/**
 * Whether a courier says by itself that it is about to fetch a return, or is kept from it. Nobody can ask it any more then, so that its
 * pickup counts as asked for from now on.
 */
export const comesUnasked = ({ direction, picked, pickupRequestedAt }: Fetched, to: Scan): boolean =>
  direction === 'RETURN' && !picked && pickupRequestedAt === null && !isPicked(to) && !isEnd(to)

/** What a parcel's end means between the market and its courier. */
export type CourierDue = 'DELIVERED' | 'CAME_BACK' | 'RETURN_DELIVERED' | 'RETURN_CAME_BACK' | 'LOST'

const dues: Readonly<Record<'OUTBOUND' | 'RETURN', Readonly<Partial<Record<Scan, CourierDue>>>>> = {
  OUTBOUND: { DELIVERED: 'DELIVERED', RETURNED: 'CAME_BACK' },
  RETURN: { DELIVERED: 'RETURN_DELIVERED', RETURNED: 'RETURN_CAME_BACK' },
}

/** What a courier has earned, or owes, by a move; undefined where nothing is due for it. */
export const courierDueOf = (held: Held, to: Scan): CourierDue | undefined =>
  isLoss(held, to) ? 'LOST' : dues[held.direction][to]

/** What is to be done with the parcel of a cancelled order. */
export type Cancellation = 'AT_ONCE' | 'AT_COURIER' | 'NONE'

/** What the courier has in hand goes on its way, what has ended stays as it is, and what is booked is the courier's to call off. */
export function cancellationOf({ status, picked }: Standing): Cancellation {
  const allowed: readonly Scan[] = moves[status]
  if (picked || !allowed.includes('CANCELLED')) return 'NONE'
  return status === 'REQUESTED' ? 'AT_ONCE' : 'AT_COURIER'
}

/** A pickup can be asked for once the parcel is booked and before anybody comes for it. */
export const pickupPossibleIn: Status = 'CONFIRMED'
