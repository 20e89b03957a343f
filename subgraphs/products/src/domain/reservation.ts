/** States of a reservation. */
export type ReservationState = 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED'

/** Every move a reservation may make. A confirmed one that is released has its units put back: the compensation of a sale. */
export const reservationMoves = {
  HELD: ['CONFIRMED', 'RELEASED', 'EXPIRED'],
  CONFIRMED: ['RELEASED'],
  RELEASED: [],
  EXPIRED: [],
} as const satisfies Record<ReservationState, readonly ReservationState[]>

/** States to which a reservation may go from another. */
export type MoveFrom<F extends ReservationState> = (typeof reservationMoves)[F][number]
