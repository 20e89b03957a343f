import { idParser } from '@pasar/shared/ids'
import type { PaymentsContext } from '../context.ts'
import { insertCommissionRule } from '../store/charge-rules.ts'
import { addRule, parseBasisPoints, type RuleInput } from './add-rule.ts'

/** What the market shall take of sales. */
export interface AddCommissionRuleInput extends RuleInput {
  readonly shopId?: string | null
  readonly categoryId?: string | null
  readonly basisPoints: number
}

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
