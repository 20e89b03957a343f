import type { Minor } from '@pasar/shared/money'
import { afterTime, type Page } from '@pasar/shared/subgraph/page'
import type { PaymentMethod } from '../domain/methods.ts'
import type { Db, Tx } from './database.ts'

/** What the market takes of a sale: of a shop, of a category, of both, or of everything. */
export interface CommissionRule {
  readonly shopId: string | null
  readonly categoryId: string | null
  readonly basisPoints: number
}

/** What a payment costs its sellers: one way to pay, or every other one. */
export interface PaymentFeeRule {
  readonly method: PaymentMethod | null
  readonly fixedAmount: Minor
  readonly basisPoints: number
}

/** What the tax office knows of a shop. */
export interface ShopTaxRule {
  readonly shopId: string
  readonly incomeTaxExempt: boolean
  readonly vatRegistered: boolean
}

/** From when on a rule counts, and who says so. */
export interface RuleFrom {
  readonly validFrom: Date
  readonly by: string
}

interface Kept {
  readonly id: string
  readonly validFrom: Date
}

/** Rules as they are kept. */
export interface KeptCommissionRule extends CommissionRule, Kept {}
export interface KeptPaymentFeeRule extends PaymentFeeRule, Kept {}
export interface KeptShopTaxRule extends ShopTaxRule, Kept {}

/** One of them, and which. */
export type ChargeRule =
  | (KeptCommissionRule & { readonly __typename: 'CommissionRule' })
  | (KeptPaymentFeeRule & { readonly __typename: 'PaymentFeeRule' })
  | (KeptShopTaxRule & { readonly __typename: 'ShopTaxRule' })

const addCommission = `INSERT INTO commission_rule (shop_id, category_id, basis_points, valid_from, added_by) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (shop_id, category_id, valid_from) DO NOTHING RETURNING 'com_' || id AS id`
const addFee = `INSERT INTO payment_fee_rule (method, fixed_amount, basis_points, valid_from, added_by) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (method, valid_from) DO NOTHING RETURNING 'fee_' || id AS id`
const addTax = `INSERT INTO shop_tax_rule (shop_id, income_tax_exempt, vat_registered, valid_from, added_by) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (shop_id, valid_from) DO NOTHING RETURNING 'tax_' || id AS id`

const add = async (tx: Tx, statement: string, ...values: readonly unknown[]): Promise<string | undefined> =>
  (await tx.$queryRawUnsafe<{ id: string }[]>(statement, ...values))[0]?.id

/** Adds a rule of commission; undefined where one for the same begins at the same moment. */
export const insertCommissionRule = (tx: Tx, { shopId, categoryId, basisPoints }: CommissionRule, { validFrom, by }: RuleFrom) =>
  add(tx, addCommission, shopId, categoryId, basisPoints, validFrom, by)

/** Adds a rule of what payments cost; undefined as above. */
export const insertPaymentFeeRule = (tx: Tx, { method, fixedAmount, basisPoints }: PaymentFeeRule, { validFrom, by }: RuleFrom) =>
  add(tx, addFee, method, fixedAmount, basisPoints, validFrom, by)

/** Adds what the tax office knows of a shop; undefined as above. */
export const insertShopTaxRule = (tx: Tx, { shopId, incomeTaxExempt, vatRegistered }: ShopTaxRule, { validFrom, by }: RuleFrom) =>
  add(tx, addTax, shopId, incomeTaxExempt, vatRegistered, validFrom, by)

/** Which rules to list. */
export interface RuleFilter {
  readonly kind?: 'COMMISSION' | 'PAYMENT_FEE' | 'SHOP_TAX' | null | undefined
  readonly shopId?: string | null | undefined
}

const page = `SELECT * FROM (
    SELECT 'COMMISSION' AS kind, 'CommissionRule' AS "__typename", 'com_' || id AS id, shop_id AS "shopId", category_id AS "categoryId",
      NULL AS method, basis_points AS "basisPoints", NULL::bigint AS "fixedAmount", NULL::boolean AS "incomeTaxExempt",
      NULL::boolean AS "vatRegistered", valid_from AS "validFrom" FROM commission_rule
    UNION ALL SELECT 'PAYMENT_FEE', 'PaymentFeeRule', 'fee_' || id, NULL, NULL, method, basis_points, fixed_amount, NULL, NULL, valid_from
      FROM payment_fee_rule
    UNION ALL SELECT 'SHOP_TAX', 'ShopTaxRule', 'tax_' || id, shop_id, NULL, NULL, NULL, NULL, income_tax_exempt, vat_registered, valid_from
      FROM shop_tax_rule) AS rule
  WHERE ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR "shopId" = $2)
    AND ($3::timestamptz IS NULL OR ("validFrom", id) < ($3, $4)) ORDER BY "validFrom" DESC, id DESC LIMIT $5`

/** One rule more than the page holds, the newest first. */
export const findRulePage = (db: Db, { kind, shopId }: RuleFilter, at: Page) => {
  const after = afterTime(at)
  return db.$queryRawUnsafe<ChargeRule[]>(
    page,
    kind ?? null,
    shopId ?? null,
    after?.time ?? null,
    after?.id ?? null,
    at.first + 1,
  )
}
