import type { ProductsDeps } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { findUnbalanced, layUnitsOut, takeUnitsIn } from '../store/units.ts'

/** Fills buckets that run low, and takes in what a switched-off variant still has out; says of how many variants. */
export async function balanceUnits({ send }: ProductsDeps): Promise<number> {
  const variants = await findUnbalanced(send)
  for (const { id, mode } of variants)
    await (mode === 'UNITS' ? layUnitsOut(send, [id], bounds.unitBucket / 2) : takeUnitsIn(send, id))
  return variants.length
}
