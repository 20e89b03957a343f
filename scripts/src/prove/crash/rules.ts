import { shareOf } from '../charges.ts'
import { rowsOf } from '../world/acts.ts'
import type { World } from '../world/world.ts'

interface From {
  /** When it begins. */
  readonly from: number
}

interface CommissionRule extends From {
  /** The shop and the category that it is for; null for all. */
  readonly shopId: string | null
  readonly categoryId: string | null
  readonly basisPoints: number
}

interface FeeRule extends From {
  /** The way to pay; null for all that have no rule of their own. */
  readonly method: string | null
  readonly fixed: number
  readonly basisPoints: number
}

interface TaxRule extends From {
  readonly shopId: string
  readonly isExempt: boolean
  readonly isVatRegistered: boolean
}

/** What staff have said that sellers are charged. */
export interface Rules {
  readonly commission: readonly CommissionRule[]
  readonly fees: readonly FeeRule[]
  readonly taxes: readonly TaxRule[]
}

/** Of several rules the nearest, and of these the newest. */
const first = <R extends From>(rules: readonly R[], nearness: (rule: R) => number = () => 0): R | undefined =>
  rules.toSorted((a, b) => nearness(b) - nearness(a) || b.from - a.from)[0]

/** More than any category has above it. */
const shopCounts = 1_000

/** What the market takes of a shop's goods of a category, in hundredths of a per cent; `path` leads from the topmost category down to theirs. */
export function commissionOn({ commission }: Rules, shopId: string, path: readonly string[]): number {
  const fits = commission.filter(
    (rule) => [null, shopId].includes(rule.shopId) && (rule.categoryId === null || path.includes(rule.categoryId)),
  )
  const nearness = (rule: CommissionRule) =>
    (rule.shopId === null ? 0 : shopCounts) + (rule.categoryId === null ? 0 : 1 + path.indexOf(rule.categoryId))
  return first(fits, nearness)?.basisPoints ?? 0
}

/** What a payment costs. */
export function feeOf({ fees }: Rules, method: string, amount: number): number {
  const fits = fees.filter((rule) => [null, method].includes(rule.method))
  const { fixed, basisPoints } = first(fits, (rule) => (rule.method === null ? 0 : 1)) ?? { fixed: 0, basisPoints: 0 }
  return fixed + shareOf(amount, basisPoints, 10_000)
}

/** What the tax office knows of a shop. */
export const taxOf = ({ taxes }: Rules, shopId: string): Pick<TaxRule, 'isExempt' | 'isVatRegistered'> =>
  first(taxes.filter((rule) => rule.shopId === shopId)) ?? { isExempt: false, isVatRegistered: false }

/** The rules that had begun at a moment. */
export const rulesAt = ({ commission, fees, taxes }: Rules, at: number): Rules => {
  const hasBegun = (rule: From) => rule.from <= at
  return { commission: commission.filter(hasBegun), fees: fees.filter(hasBegun), taxes: taxes.filter(hasBegun) }
}

const from = `extract(epoch FROM valid_from)::float8 AS "from"`

/** All rules that there are. */
export async function readRules(world: World): Promise<Rules> {
  const [commission, fees, taxes] = await Promise.all([
    rowsOf<CommissionRule>(world, 'payments', {
      sql: `SELECT shop_id AS "shopId", category_id AS "categoryId", basis_points AS "basisPoints", ${from} FROM commission_rule`,
    }),
    rowsOf<FeeRule>(world, 'payments', {
      sql: `SELECT method, fixed_amount::float8 AS fixed, basis_points AS "basisPoints", ${from} FROM payment_fee_rule`,
    }),
    rowsOf<TaxRule>(world, 'payments', {
      sql: `SELECT shop_id AS "shopId", income_tax_exempt AS "isExempt", vat_registered AS "isVatRegistered", ${from} FROM shop_tax_rule`,
    }),
  ])
  return { commission, fees, taxes }
}
