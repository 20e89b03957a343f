import type { ProductsDeps } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { forgetFlashSaleBuyers } from '../store/flash-sale-claims.ts'

/** Forgets who has bought in flash sales that are long over; says of how many purchases. */
export const forgetSaleBuyers = ({ send, clock }: ProductsDeps): Promise<number> =>
  forgetFlashSaleBuyers(send, clock.now(), bounds.flashSaleBuyersForgottenMax)
