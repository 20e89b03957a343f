import type { Minor } from '@pasar/shared/money'
import type { OrderShare } from '../domain/journals.ts'
import type { PaymentMethod } from '../domain/methods.ts'
import { splitFee, type FeeRule, type Terms } from '../domain/terms.ts'
import { shareTotal } from '../domain/journals.ts'
import { lockingName } from '@pasar/shared/postgres/seam'
import type { Tx } from './database.ts'

/** Goods of one category in an order. */
export interface CategoryShare {
  readonly categoryId: string | null
  /** The categories that it is in, from the topmost down to itself; absent where only itself is known. */
  readonly path?: readonly string[]
  readonly amount: Minor
}

/** An order's share of a payment with the categories that it is made of. */
export interface OrderWithCategories extends OrderShare {
  readonly categories: readonly CategoryShare[]
}

/**
 * All rules in one statement, because this is asked for every checkout. Of commissions the most particular rule comes first; a category's
 * rule is for those below it, too. Paths come as text: PostgreSQL has no lists of lists of different lengths.
 */
const rules = `SELECT ${lockingName('$5')},
  (SELECT json_agg(rates.points ORDER BY place) FROM (
    SELECT place, coalesce((SELECT basis_points FROM commission_rule
        WHERE valid_from <= $3 AND (shop_id IS NULL OR shop_id = wanted.shop_id) AND (category_id IS NULL OR category_id = ANY(path))
        ORDER BY shop_id IS NULL, array_position(path, category_id) DESC NULLS LAST, valid_from DESC LIMIT 1), 0) AS points
      FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (shop_id, names, place), string_to_array(names, '/') AS path) AS rates) AS rates,
  (SELECT json_build_object('fixedAmount', fixed_amount::text, 'basisPoints', basis_points) FROM payment_fee_rule
    WHERE valid_from <= $3 AND (method IS NULL OR method = $4) ORDER BY method IS NULL, valid_from DESC LIMIT 1) AS fee,
  (SELECT json_agg(json_build_object('shopId', shop_id, 'incomeTaxExempt', income_tax_exempt, 'vatRegistered', vat_registered))
    FROM (SELECT DISTINCT ON (shop_id) * FROM shop_tax_rule WHERE shop_id = ANY($1::text[]) AND valid_from <= $3
      ORDER BY shop_id, valid_from DESC) AS newest) AS taxes`

interface TaxStatus {
  readonly shopId: string
  readonly incomeTaxExempt: boolean
  readonly vatRegistered: boolean
}

interface Rules {
  readonly rates: readonly number[]
  readonly fee: { readonly fixedAmount: string; readonly basisPoints: number } | null
  readonly taxes: readonly TaxStatus[] | null
}

const feeOf = ({ fee }: Rules): FeeRule => ({
  fixedAmount: BigInt(fee?.fixedAmount ?? 0) as Minor,
  basisPoints: fee?.basisPoints ?? 0,
})

/** What is to be paid, and how. */
export interface TermsWanted {
  readonly checkoutId: string
  readonly orders: readonly OrderWithCategories[]
  readonly method: PaymentMethod
  readonly now: Date
}

/**
 * What the rules of now charge the sellers of a payment's orders, in the orders' order. Holds everything else about the checkout, as `lockCheckout`
 * does: what is read of that afterwards is as it is then.
 */
export async function lockAndReadTerms(tx: Tx, { checkoutId, orders, method, now }: TermsWanted): Promise<Terms[]> {
  const shares = orders.flatMap(({ shopId, categories }) => categories.map((share) => ({ ...share, shopId })))
  const [found] = await tx.$queryRawUnsafe<[Rules]>(
    rules,
    shares.map(({ shopId }) => shopId),
    shares.map(({ categoryId, path }) => path?.join('/') ?? categoryId),
    now,
    method,
    checkoutId,
  )
  const fees = splitFee(feeOf(found), orders.map(shareTotal))
  let place = 0
  return orders.map(({ shopId, categories }, index) => {
    const status = found.taxes?.find((row) => row.shopId === shopId)
    return {
      commission: categories.map(({ categoryId, amount }) => ({ categoryId, amount, basisPoints: found.rates[place++]! })),
      paymentFee: fees[index]!,
      incomeTaxExempt: status?.incomeTaxExempt ?? false,
      vatRegistered: status?.vatRegistered ?? false,
    }
  })
}
