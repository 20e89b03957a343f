import { idParser } from '@pasar/shared/ids'
import type { PaymentsContext } from '../context.ts'
import type { AddShopTaxRuleInput } from '../generated/resolvers.ts'
import { insertShopTaxRule } from '../store/charge-rules.ts'
import { addRule } from './add-rule.ts'

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
