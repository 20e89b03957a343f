import { rupiahOrZero } from '@pasar/shared/expectations'
import { minorUnits } from '@pasar/shared/money'
import { BadInput } from '@pasar/shared/problems'
import type { PaymentsContext } from '../context.ts'
import type { AddPaymentFeeRuleInput } from '../generated/resolvers.ts'
import { insertPaymentFeeRule } from '../store/charge-rules.ts'
import { addRule, parseBasisPoints } from './add-rule.ts'

function parseFixed(amount: bigint) {
  if (amount < 0n) throw new BadInput('fixedAmount', rupiahOrZero)
  return minorUnits(amount)
}

/** Staff say what sellers bear of what payments cost from a time on. */
export const addPaymentFeeRule = (context: PaymentsContext, input: AddPaymentFeeRuleInput) =>
  addRule(context, input, {
    scope: 'addPaymentFeeRule',
    success: 'AddPaymentFeeRuleSuccess',
    kind: 'PaymentFeeRule',
    insert: insertPaymentFeeRule,
    rule: {
      method: input.method ?? null,
      fixedAmount: parseFixed(input.fixedAmount),
      basisPoints: parseBasisPoints(input.basisPoints),
    },
  })
