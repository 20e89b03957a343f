import type { ProductsDeps } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { expireHeld } from '../store/settle.ts'

/** Ends reservations whose time is up and gives their units back; says how many. */
export const expireReservations = ({ send, clock }: ProductsDeps): Promise<number> =>
  expireHeld(send, clock.now(), bounds.expiryBatchMax)
