import { limits } from '@pasar/shared/limits'
import type { Worker } from '@pasar/shared/process/worker'
import { checkPayments } from './commands/check-payments.ts'
import { payRefunds } from './commands/pay-refunds.ts'
import { sendPayouts } from './commands/send-payouts.ts'
import type { PaymentsDeps } from './context.ts'

/** Reading all books is dear; staff that looks at them sees a broken rule within seconds. */
const invariantsEveryMs = 5_000

export const openWorkers = (deps: PaymentsDeps): readonly Worker[] => [
  { name: 'payments refunds', everyMs: limits.duePollMs, run: () => payRefunds(deps) },
  { name: 'payments payouts', everyMs: limits.duePollMs, run: () => sendPayouts(deps) },
  { name: 'payments invariants', everyMs: invariantsEveryMs, run: () => deps.invariants.run() },
  { name: 'payments checks', everyMs: limits.duePollMs, run: () => checkPayments(deps) },
]
