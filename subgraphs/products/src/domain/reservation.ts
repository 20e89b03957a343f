/** States of a reservation. */
export type ReservationState = 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED'

/** Every move a reservation may make. A confirmed one that is released has its units put back: the compensation of a sale. */
export const reservationMoves = {
  HELD: ['CONFIRMED', 'RELEASED', 'EXPIRED'],
  CONFIRMED: ['RELEASED'],
  RELEASED: [],
  EXPIRED: [],
} as const satisfies Record<ReservationState, readonly ReservationState[]>

/** Whether a reservation may go from one state to another. */
export const mayMove = (from: ReservationState, to: ReservationState): boolean =>
  (reservationMoves[from] as readonly ReservationState[]).includes(to)

/** A reservation as far as its state decides. */
export interface Held {
  readonly state: ReservationState
  readonly expiresAt: Date | null
}

/** Whether a reservation can be confirmed now: it is held and its time is not up, whether or not the deadline worker came by. */
export const mayConfirm = ({ state, expiresAt }: Held, now: Date): boolean =>
  mayMove(state, 'CONFIRMED') && expiresAt !== null && expiresAt > now
