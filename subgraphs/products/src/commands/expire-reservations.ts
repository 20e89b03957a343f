import { oneByOne } from '@pasar/shared/flow/one-by-one'
import type { ProductsDeps } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { expireHeld, findOverdue } from '../store/settle.ts'

/** Ends reservations whose time is up and gives their units back; says how many. One that cannot be ended keeps no other from it. */
export async function expireReservations({ send, clock }: ProductsDeps): Promise<number> {
  const now = clock.now()
  try {
    return await expireHeld(send, now, bounds.expiryBatchMax)
  } catch {
    const overdue = await findOverdue(send, now, bounds.expiryBatchMax)
    return oneByOne(overdue, (id) => expireHeld(send, now, id))
  }
}
