import type { Transition } from './transition.ts'

/** Before the courier has the parcel, and while nobody has called it off. */
const unsent = ['ACCEPTED', 'READY_TO_SHIP', 'CANCEL_REQUESTED'] as const
/** Where a courier's word about the parcel is news. A word may be lost or overtake another one. */
const onTheWay = [...unsent, 'CANCELLING', 'SHIPPED', 'RETURNING'] as const
const sendingBack = ['RETURN_APPROVED', 'RETURN_UNBOOKED', 'RETURN_CANCELLING', 'RETURN_SENT'] as const

/** Every move an order may make. Anything not listed here cannot happen. */
export const transitions = {
  pay: { from: ['AWAITING_PAYMENT'], to: 'PAID', event: 'PAID', by: ['SYSTEM'], pays: true },
  /** Paid after it had ended, and its goods could be reserved again. */
  payLate: { from: ['CANCELLED'], to: 'PAID', event: 'PAID', by: ['SYSTEM'], when: 'unpaid', pays: true },
  /** Paid after it had ended (or while its reservation ran out), and its goods are gone: cancelled once more, now with money to refund. */
  refundLate: {
    from: ['AWAITING_PAYMENT', 'CANCELLED'],
    to: 'CANCELLED',
    event: 'CANCELLED',
    by: ['SYSTEM'],
    when: 'unpaid',
    pays: true,
  },
  abandon: { from: ['AWAITING_PAYMENT'], to: 'CANCELLED', event: 'CANCELLED', by: ['BUYER', 'SYSTEM'], move: 'CANCEL_CHECKOUT' },
  accept: { from: ['PAID'], to: 'ACCEPTED', event: 'ACCEPTED', by: ['SELLER'], move: 'ACCEPT' },
  reject: { from: ['PAID'], to: 'CANCELLED', event: 'CANCELLED', by: ['SELLER'], move: 'REJECT' },
  cancelLines: {
    from: ['PAID', 'ACCEPTED', 'READY_TO_SHIP'],
    to: 'SAME',
    event: 'LINES_CANCELLED',
    by: ['SELLER'],
    move: 'CANCEL_LINES',
  },
  lapse: { from: ['PAID'], to: 'CANCELLED', event: 'CANCELLED', by: ['SYSTEM'], ends: 'NOT_ACCEPTED_IN_TIME' },
  cancel: { from: ['PAID'], to: 'CANCELLED', event: 'CANCELLED', by: ['BUYER', 'STAFF'], move: 'CANCEL' },

  // Once it is accepted, a parcel may be on its way: the money goes back when the courier has stopped it, and not before.
  cancelUnshipped: {
    from: unsent,
    to: 'CANCELLING',
    event: 'CANCELLING',
    by: ['BUYER'],
    when: 'shipLate',
    move: 'CANCEL',
  },
  cancelAsStaff: { from: unsent, to: 'CANCELLING', event: 'CANCELLING', by: ['STAFF'], move: 'CANCEL' },
  requestCancel: {
    from: ['ACCEPTED', 'READY_TO_SHIP'],
    to: 'CANCEL_REQUESTED',
    event: 'CANCEL_REQUESTED',
    by: ['BUYER'],
    when: 'mayAskToCancel',
    move: 'REQUEST_CANCEL',
  },
  /** It was not sent in time: its buyer may cancel it without asking. */
  lateToShip: { from: unsent, to: 'SAME', event: 'SHIP_LATE', by: ['SYSTEM'], shipsLate: true },
  /** Whoever says nothing agrees. */
  grantCancel: {
    from: ['CANCEL_REQUESTED'],
    to: 'CANCELLING',
    event: 'CANCELLING',
    by: ['SELLER', 'SYSTEM'],
    move: 'GRANT_CANCEL',
    ends: 'CANCELLED_BY_BUYER',
  },
  refuseCancel: {
    from: ['CANCEL_REQUESTED'],
    to: 'ACCEPTED',
    event: 'CANCEL_REFUSED',
    by: ['SELLER'],
    when: 'notBooked',
    move: 'REFUSE_CANCEL',
  },
  refuseCancelBooked: {
    from: ['CANCEL_REQUESTED'],
    to: 'READY_TO_SHIP',
    event: 'CANCEL_REFUSED',
    by: ['SELLER'],
    when: 'booked',
    move: 'REFUSE_CANCEL',
  },
  calledOff: { from: ['CANCELLING'], to: 'CANCELLED', event: 'CANCELLED', by: ['SYSTEM'] },
  callOffTooLate: { from: ['CANCELLING'], to: 'SHIPPED', event: 'CANCEL_TOO_LATE', by: ['SYSTEM'] },

  book: { from: ['ACCEPTED'], to: 'READY_TO_SHIP', event: 'READY_TO_SHIP', by: ['SYSTEM'], books: true },
  bookAskedToCancel: {
    from: ['CANCEL_REQUESTED'],
    to: 'SAME',
    event: 'READY_TO_SHIP',
    by: ['SYSTEM'],
    when: 'notBooked',
    books: true,
  },
  // A courier's messages may overtake each other: what comes late then finds a state that it does not start from.
  ship: { from: [...unsent, 'CANCELLING', 'RETURNING'], to: 'SHIPPED', event: 'SHIPPED', by: ['SYSTEM'] },
  deliver: { from: onTheWay, to: 'DELIVERED', event: 'DELIVERED', by: ['SYSTEM'] },
  turnBack: { from: [...unsent, 'CANCELLING', 'SHIPPED'], to: 'RETURNING', event: 'TURNED_BACK', by: ['SYSTEM'] },
  comeBack: { from: onTheWay, to: 'CANCELLED', event: 'CANCELLED', by: ['SYSTEM'], ends: 'PARCEL_CAME_BACK' },
  giveUp: { from: unsent, to: 'CANCELLED', event: 'CANCELLED', by: ['SYSTEM'], ends: 'COURIER_GAVE_UP' },
  lose: { from: onTheWay, to: 'CANCELLED', event: 'CANCELLED', by: ['SYSTEM'], ends: 'PARCEL_LOST' },

  confirm: { from: ['DELIVERED'], to: 'COMPLETED', event: 'COMPLETED', by: ['BUYER'], move: 'CONFIRM_RECEIPT' },
  complete: { from: ['DELIVERED'], to: 'COMPLETED', event: 'COMPLETED', by: ['SYSTEM'] },

  requestReturn: {
    from: ['DELIVERED'],
    to: 'RETURN_REQUESTED',
    event: 'RETURN_REQUESTED',
    by: ['BUYER'],
    move: 'REQUEST_RETURN',
  },
  approveReturn: {
    from: ['RETURN_REQUESTED'],
    to: 'RETURN_APPROVED',
    event: 'RETURN_APPROVED',
    by: ['SELLER', 'SYSTEM'],
    when: 'goodsGoBack',
    move: 'APPROVE_RETURN',
  },
  approveRefund: {
    from: ['RETURN_REQUESTED'],
    to: 'COMPLETED',
    event: 'COMPLETED',
    by: ['SELLER', 'SYSTEM'],
    when: 'goodsStay',
    move: 'APPROVE_RETURN',
    refunds: 'CLAIM',
    ends: 'RETURNED',
  },
  refuseReturn: {
    from: ['RETURN_REQUESTED'],
    to: 'RETURN_REFUSED',
    event: 'RETURN_REFUSED',
    by: ['SELLER'],
    move: 'REFUSE_RETURN',
  },
  escalateReturn: {
    from: ['RETURN_REFUSED'],
    to: 'MEDIATION',
    event: 'MEDIATION_ASKED',
    by: ['BUYER'],
    move: 'ESCALATE_RETURN',
  },
  /** The buyer keeps the goods after all. */
  withdrawReturn: {
    from: ['RETURN_REQUESTED', 'RETURN_REFUSED'],
    to: 'COMPLETED',
    event: 'COMPLETED',
    by: ['BUYER'],
    move: 'WITHDRAW_RETURN',
  },
  /** The buyer did not ask for mediation in time. */
  dropReturn: { from: ['RETURN_REFUSED'], to: 'COMPLETED', event: 'COMPLETED', by: ['SYSTEM'] },

  // Once it is agreed to, a parcel may be on its way back: whose the money is shows when the courier has stopped it, and not before.
  withdrawApprovedReturn: {
    from: ['RETURN_APPROVED', 'RETURN_UNBOOKED'],
    to: 'RETURN_CANCELLING',
    event: 'RETURN_CANCELLING',
    by: ['BUYER'],
    move: 'WITHDRAW_RETURN',
  },
  /** The goods were not sent back in time: whether their buyer is to blame shows when the parcel is stopped. */
  missSending: { from: ['RETURN_APPROVED'], to: 'RETURN_CANCELLING', event: 'RETURN_CANCELLING', by: ['SYSTEM'] },
  returnCalledOff: { from: ['RETURN_CANCELLING'], to: 'COMPLETED', event: 'COMPLETED', by: ['SYSTEM'] },
  bookReturn: {
    from: ['RETURN_APPROVED'],
    to: 'SAME',
    event: 'RETURN_BOOKED',
    by: ['SYSTEM'],
    when: 'returnNotBooked',
    booksReturn: true,
    renews: true,
  },
  /** No courier has taken the way back in time, which is not the buyer's fault: the money waits for a courier, or for staff. */
  missBooking: {
    from: ['RETURN_APPROVED'],
    to: 'RETURN_UNBOOKED',
    event: 'RETURN_UNBOOKED',
    by: ['SYSTEM'],
    when: 'returnNotBooked',
  },
  bookReturnLate: { from: ['RETURN_UNBOOKED'], to: 'RETURN_APPROVED', event: 'RETURN_BOOKED', by: ['SYSTEM'], booksReturn: true },
  /** Staff give it more time. */
  extendReturn: {
    from: ['RETURN_UNBOOKED'],
    to: 'RETURN_APPROVED',
    event: 'RETURN_EXTENDED',
    by: ['STAFF'],
    move: 'EXTEND_RETURN',
  },
  /** Nobody has found a courier: when none is looked for any more, staff decide whose the money is. */
  stopSearch: { from: ['RETURN_UNBOOKED'], to: 'SAME', event: 'RETURN_CANCELLING', by: ['SYSTEM'] },
  sendBack: {
    from: ['RETURN_APPROVED', 'RETURN_UNBOOKED', 'RETURN_CANCELLING'],
    to: 'RETURN_SENT',
    event: 'RETURN_SENT',
    by: ['SYSTEM'],
  },
  arriveBack: { from: sendingBack, to: 'RETURN_ARRIVED', event: 'RETURN_ARRIVED', by: ['SYSTEM'] },
  /** The courier lost what the buyer sent back. */
  loseReturn: { from: sendingBack, to: 'COMPLETED', event: 'COMPLETED', by: ['SYSTEM'], refunds: 'CLAIM', ends: 'RETURNED' },
  /** The courier does not fetch it, or does not bring it to the shop: staff find out why. */
  strandReturn: { from: sendingBack, to: 'MEDIATION', event: 'MEDIATION_ASKED', by: ['SYSTEM'] },
  acceptReturn: {
    from: ['RETURN_ARRIVED'],
    to: 'COMPLETED',
    event: 'COMPLETED',
    by: ['SELLER', 'SYSTEM'],
    move: 'ACCEPT_RETURN',
    refunds: 'CLAIM',
    restocks: 'CLAIM',
    ends: 'RETURNED',
  },
  disputeReturn: {
    from: ['RETURN_ARRIVED'],
    to: 'MEDIATION',
    event: 'MEDIATION_ASKED',
    by: ['SELLER'],
    move: 'DISPUTE_RETURN',
    restocks: 'CLAIM',
  },
  /** Staff have found for the buyer, or nobody has found anything in time. */
  refundBuyer: {
    from: ['MEDIATION'],
    to: 'COMPLETED',
    event: 'COMPLETED',
    by: ['STAFF', 'SYSTEM'],
    move: 'REFUND_BUYER',
    refunds: 'CLAIM',
    ends: 'RETURNED',
  },
  /** Staff have found for the seller, or nobody has found anything in time and the buyer keeps the goods. */
  releaseToSeller: {
    from: ['MEDIATION'],
    to: 'COMPLETED',
    event: 'COMPLETED',
    by: ['STAFF', 'SYSTEM'],
    move: 'RELEASE_TO_SELLER',
  },

  /** Money goes back of a sale that was over: payments takes it back from the seller, who had it already. */
  refundAfterwards: {
    from: ['COMPLETED'],
    to: 'SAME',
    event: 'REFUND_GRANTED',
    by: ['STAFF'],
    move: 'REFUND_AFTERWARDS',
  },

  /** The buyer has the money of a refund, however long after it was decided. */
  noteRefund: {
    from: [
      'PAID',
      ...onTheWay,
      'DELIVERED',
      'RETURN_REQUESTED',
      ...sendingBack,
      'RETURN_ARRIVED',
      'RETURN_REFUSED',
      'MEDIATION',
      'COMPLETED',
      'CANCELLED',
    ],
    to: 'SAME',
    event: 'REFUNDED',
    by: ['SYSTEM'],
  },
} as const satisfies Record<string, Transition>

export type TransitionName = keyof typeof transitions
