import { idParser } from '@pasar/shared/ids'
import type { PaymentsContext } from '../context.ts'
import { insertShopTaxRule } from '../store/charge-rules.ts'
import { addRule, type RuleInput } from './add-rule.ts'

/** What the tax office knows of a shop. */
export interface AddShopTaxRuleInput extends RuleInput {
  readonly shopId: string
  readonly incomeTaxExempt: boolean
  readonly vatRegistered: boolean
}

const parseShopId = idParser('shop')

/** Staff note what a shop has handed in to the tax office. */
export const addShopTaxRule = (context: PaymentsContext, input: AddShopTaxRuleInput) =>
  addRule(context, input, {
    scope: 'addShopTaxRule',
    success: 'AddShopTaxRuleSuccess',
    kind: 'ShopTaxRule',
    insert: insertShopTaxRule,
    rule: {
      shopId: parseShopId(input.shopId, 'shopId'),
      incomeTaxExempt: input.incomeTaxExempt,
      vatRegistered: input.vatRegistered,
    },
  })
