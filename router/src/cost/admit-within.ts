import type { Texts } from '@pasar/shared/locale'
import type { Operation } from '@pasar/shared/subgraph/operation'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import { addressKey } from '../identity/client-address.ts'
import type { Admit, Admitted, Refused } from '../operation/admit.ts'
import type { Caller } from '../subgraph/send.ts'
import { costLimits } from './limits.ts'
import { budgetOf, type ViewerBudgets } from './viewer-budgets.ts'

/** Holds operations against what their viewers may spend; `admit` says what each one costs. */
export function openAdmitWithin(budgets: ViewerBudgets) {
  return (admit: Admit, operation: Operation, caller: Caller): Admitted | Refused => {
    const { viewer, address } = caller
    const own = budgetOf(budgets, caller)
    if (!own) return admit(operation, viewer)
    const { budget, key } = own
    const wait = budget.wait(key, 1)
    if (wait > 0) return limited(tooMuch, wait)
    const admitted = admit(operation, viewer)
    return 'errors' in admitted ? refuse(budget, key, admitted) : spend({ budgets, budget, key, address }, admitted)
  }
}

/** Whoever is refused has made us read and judge the operation. */
function refuse(budget: ViewerBudgets['accounts'], key: string, refused: Refused): Refused {
  budget.charge(key, costLimits.refused)
  return refused
}

interface Spending {
  readonly budgets: ViewerBudgets
  readonly budget: ViewerBudgets['accounts']
  readonly key: string
  readonly address: string | undefined
}

function spend({ budgets: { tries }, budget, key, address }: Spending, admitted: Admitted): Admitted | Refused {
  const cost = Math.max(costLimits.admittedMin, admitted.cost)
  if (admitted.triesSecret && address !== undefined) {
    const wait = tries.wait(addressKey(address), 1)
    if (wait > 0) return refuse(budget, key, limited(tooManyTries, wait))
    tries.charge(addressKey(address), 1)
  }
  if (budget.wait(key, cost) > 0) {
    budget.charge(key, costLimits.refused)
    // Told after that charge: whoever comes back then has enough.
    return limited(tooMuch, budget.wait(key, cost))
  }
  budget.charge(key, admitted.isCompiled() ? cost : cost + costLimits.unknown)
  return admitted
}

const tooMuch: Texts = {
  id: 'Anda meminta terlalu banyak dalam waktu singkat: coba lagi sebentar lagi',
  en: 'You have asked for too much in a short time: try again in a moment',
}
const tooManyTries: Texts = {
  id: 'Terlalu banyak percobaan dari tempat ini: coba lagi sebentar lagi',
  en: 'Too many tries from this place: try again in a moment',
}

const limited = (texts: Texts, retryAfterSeconds: number): Refused => ({
  errors: [graphqlError(new CodedError('RATE_LIMITED', texts, { retryAfterSeconds }))],
})
