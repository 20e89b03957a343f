import type { ProductsDeps } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { forgetFlashSaleBuyers } from '../store/flash-sale-claims.ts'

/** Forgets who has bought in flash sales that are long over, a batch at a time; says of how many purchases. */
export async function forgetSaleBuyers({ send, clock }: ProductsDeps, stopping?: AbortSignal): Promise<number> {
  const most: number = bounds.flashSaleBuyersForgottenMax
  let forgotten = 0
  for (let some = most; some === most && !stopping?.aborted; forgotten += some)
    some = await forgetFlashSaleBuyers(send, clock.now(), most)
  return forgotten
}
