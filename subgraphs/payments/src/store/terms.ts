import type { Minor } from '@pasar/shared/money'
import type { OrderShare } from '../domain/journals.ts'
import type { PaymentMethod } from '../domain/methods.ts'
import { splitFee, type FeeRule, type Terms } from '../domain/terms.ts'
import { shareTotal } from '../domain/journals.ts'
import type { Tx } from './database.ts'

/** Goods of one category in an order. */
export interface CategoryShare {
  readonly categoryId: string | null
  readonly amount: Minor
}

/** An order's share of a payment with the categories that it is made of. */
export interface OrderWithCategories extends OrderShare {
  readonly categories: readonly CategoryShare[]
}

/** The most particular rule first: shop and category, shop, category, everybody. */
const commission = `SELECT wanted.place::int, coalesce((SELECT basis_points FROM commission_rule
    WHERE valid_from <= $3 AND (shop_id IS NULL OR shop_id = wanted.shop_id) AND (category_id IS NULL OR category_id = wanted.category_id)
    ORDER BY shop_id IS NULL, category_id IS NULL, valid_from DESC LIMIT 1), 0) AS "basisPoints"
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (shop_id, category_id, place) ORDER BY place`
const fee = `SELECT fixed_amount AS "fixedAmount", basis_points AS "basisPoints" FROM payment_fee_rule
  WHERE valid_from <= $2 AND (method IS NULL OR method = $1) ORDER BY method IS NULL, valid_from DESC LIMIT 1`
const tax = `SELECT shop_id AS "shopId", income_tax_exempt AS "incomeTaxExempt", vat_registered AS "vatRegistered" FROM shop_tax
  WHERE shop_id = ANY($1::text[])`

interface TaxRow {
  readonly shopId: string
  readonly incomeTaxExempt: boolean
  readonly vatRegistered: boolean
}

/** What the rules of now charge the sellers of a payment's orders, in the orders' order. */
export async function readTerms(
  tx: Tx,
  { orders, method, now }: { orders: readonly OrderWithCategories[]; method: PaymentMethod; now: Date },
): Promise<Terms[]> {
  const shares = orders.flatMap(({ shopId, categories }) => categories.map((share) => ({ ...share, shopId })))
  const rates = await tx.$queryRawUnsafe<{ basisPoints: number }[]>(
    commission,
    shares.map(({ shopId }) => shopId),
    shares.map(({ categoryId }) => categoryId),
    now,
  )
  const [rule] = await tx.$queryRawUnsafe<FeeRule[]>(fee, method, now)
  const fees = splitFee(rule ?? { fixedAmount: 0n as Minor, basisPoints: 0 }, orders.map(shareTotal))
  const taxes = await tx.$queryRawUnsafe<TaxRow[]>(
    tax,
    orders.map(({ shopId }) => shopId),
  )
  let place = 0
  return orders.map(({ shopId, categories }, index) => {
    const status = taxes.find((row) => row.shopId === shopId)
    return {
      commission: categories.map((share) => ({ ...share, basisPoints: rates[place++]!.basisPoints })),
      paymentFee: fees[index]!,
      incomeTaxExempt: status?.incomeTaxExempt ?? false,
      vatRegistered: status?.vatRegistered ?? false,
    }
  })
}
