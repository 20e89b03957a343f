/** Where one order's money is. */
export type EscrowState = 'AWAITING' | 'REFUND_ON_CAPTURE' | 'HELD' | 'RELEASED' | 'REFUNDING' | 'REFUNDED'

/** Every move that an order's money may make. Anything not listed here cannot happen. */
const escrowMoves = {
  AWAITING: ['HELD', 'REFUND_ON_CAPTURE'],
  REFUND_ON_CAPTURE: ['HELD'],
  HELD: ['RELEASED', 'REFUNDING'],
  REFUNDING: ['REFUNDED'],
  RELEASED: [],
  REFUNDED: [],
} as const satisfies Record<EscrowState, readonly EscrowState[]>

/** One of the moves above. */
export type EscrowMove = {
  [From in EscrowState]: { readonly from: From; readonly to: (typeof escrowMoves)[From][number] }
}[EscrowState]
