import { idParser } from '@pasar/shared/ids'
import type { PaymentsContext } from '../context.ts'
import type { AddCommissionRuleInput } from '../generated/resolvers.ts'
import { insertCommissionRule } from '../store/charge-rules.ts'
import { addRule, parseBasisPoints } from './add-rule.ts'

const parseShopId = idParser('shop')
const parseCategoryId = idParser('category')

/** Staff say what the market takes of sales from a time on. */
export const addCommissionRule = (context: PaymentsContext, input: AddCommissionRuleInput) =>
  addRule(context, input, {
    scope: 'addCommissionRule',
    success: 'AddCommissionRuleSuccess',
    kind: 'CommissionRule',
    insert: insertCommissionRule,
    rule: {
      shopId: input.shopId == null ? null : parseShopId(input.shopId, 'shopId'),
      categoryId: input.categoryId == null ? null : parseCategoryId(input.categoryId, 'categoryId'),
      basisPoints: parseBasisPoints(input.basisPoints),
    },
  })
