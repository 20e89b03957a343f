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
    return expireEach(overdue, (id) => expireHeld(send, now, id))
  }
}

/** One by one; what goes wrong is told after the last one. */
async function expireEach(ids: readonly string[], expire: (id: string) => Promise<number>): Promise<number> {
  let ended = 0
  let failure: { readonly error: unknown } | undefined
  for (const id of ids) {
    try {
      ended += await expire(id)
    } catch (error) {
      failure ??= { error }
    }
  }
  if (failure) throw failure.error
  return ended
}
