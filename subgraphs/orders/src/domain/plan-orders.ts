import type { PlacePayload } from '@pasar/schema/events/orders'
import { minorUnits, sum, times, type Minor } from '@pasar/shared/money'
import { parcelOf, type Parcel } from '@pasar/shared/parcel'
import { mostOff, splitDiscount } from './voucher.ts'

/** A line of the locked cart at the price that the buyer was last shown; amounts are whole rupiah as JSON carries them. */
export interface CartLine {
  readonly lineId: string
  readonly variantId: string
  readonly shopId: string
  readonly quantity: number
  readonly unitPrice: number
}

/** One shop's part of the locked cart. */
export interface CartGroup {
  readonly shopId: string
  readonly courierServiceId: string
  /** Where the cart says that the parcel leaves from; absent where it has not told it. */
  readonly originRegencyCode?: string | null
}

/** A line of the reserved stock: what is sold, as it is sold. */
export interface ReservedLine {
  readonly variantId: string
  readonly productId: string
  /** Absent where products did not tell it. */
  readonly categoryId?: string | null
  /** The categories that it is in, from the topmost down to its own. */
  readonly categoryPath?: readonly string[] | null
  readonly shopId: string
  readonly title: string
  readonly variantName: string
  readonly sku: string
  readonly quantity: number
  readonly unitPrice: number
  readonly weightGrams: number
  readonly lengthMm: number
  readonly widthMm: number
  readonly heightMm: number
  readonly imageUrl: string | null
  /** The warehouse that gives most of it; absent where that was not asked for. */
  readonly warehouseId?: string
}

/** Where a shop sends from. */
export interface Origin extends PlacePayload {
  readonly shopId: string
}

/** The regency that a shop's parcel leaves from. */
export interface ShownOrigin {
  readonly shopId: string
  readonly regencyCode: string
}

/** Where a cart says that its parcels leave from. */
export const shownOrigins = (groups: readonly CartGroup[]): readonly ShownOrigin[] =>
  groups.flatMap(({ shopId, originRegencyCode: regencyCode }) => (regencyCode ? [{ shopId, regencyCode }] : []))

/** What shipping one shop's parcel costs. */
export interface Quote {
  readonly shopId: string
  readonly courierServiceId: string
  readonly serviceName: string
  readonly cost: number
}

/** One shop's part of a checkout. */
export interface ShopPart extends Parcel {
  readonly shopId: string
  readonly lines: readonly ReservedLine[]
}

/** What to reserve: the quantities summed per variant, in the order of their ids. */
export function quantities(
  lines: readonly Pick<CartLine, 'variantId' | 'quantity'>[],
): { readonly variantId: string; readonly quantity: number }[] {
  const wanted = new Map<string, number>()
  for (const { variantId, quantity } of lines) wanted.set(variantId, (wanted.get(variantId) ?? 0) + quantity)
  return [...wanted]
    .map(([variantId, quantity]) => ({ variantId, quantity }))
    .toSorted((a, b) => (a.variantId < b.variantId ? -1 : 1))
}

/** One line per variant, whatever warehouses its units come from. */
export function merged(lines: readonly ReservedLine[]): readonly ReservedLine[] {
  const byVariant = new Map<string, ReservedLine>()
  for (const line of lines)
    byVariant.set(line.variantId, { ...line, quantity: line.quantity + (byVariant.get(line.variantId)?.quantity ?? 0) })
  return [...byVariant.values()]
}

/** The reserved lines by shop, each with its parcel. */
export function partsByShop(lines: readonly ReservedLine[]): readonly ShopPart[] {
  const shops = [...new Set(lines.map(({ shopId }) => shopId))].toSorted()
  return shops.map((shopId) => {
    const own = lines.filter((line) => line.shopId === shopId)
    return { shopId, lines: own, ...parcelOf(own) }
  })
}

/** Goods of one category in a shop's part. */
export interface CategoryPart {
  readonly categoryId: string
  readonly path?: readonly string[]
  readonly amount: number
}

const sold = (lines: readonly ReservedLine[]) =>
  lines.map(({ quantity, unitPrice }) => ({ quantity, unitPrice: minorUnits(unitPrice) }))

/** The most that a voucher may take off a shop's lines. */
export const mostOffLines = (lines: readonly ReservedLine[]): Minor => mostOff(sold(lines))

/** What a voucher takes off each of a shop's lines. */
export const discountsOf = (lines: readonly ReservedLine[], discount: Minor): readonly Minor[] =>
  splitDiscount(discount, sold(lines))

/** What a shop's part is made of as it is paid, for the market's commission; undefined where a category is not known. */
export function categoriesOf(
  all: readonly ReservedLine[],
  shopId: string,
  discount = 0n as Minor,
): readonly CategoryPart[] | undefined {
  const parts = new Map<string, CategoryPart>()
  const lines = all.filter((line) => line.shopId === shopId)
  const discounts = discountsOf(lines, discount)
  for (const [index, { categoryId, categoryPath: path, unitPrice, quantity }] of lines.entries()) {
    if (categoryId == null) return undefined
    const amount = (parts.get(categoryId)?.amount ?? 0) + unitPrice * quantity - Number(discounts[index])
    parts.set(categoryId, { categoryId, ...(path && { path }), amount })
  }
  return [...parts.values()]
}

/** Price of all lines. */
export const itemsTotal = (lines: readonly { readonly unitPrice: number; readonly quantity: number }[]): Minor =>
  sum(lines.map(({ unitPrice, quantity }) => times(minorUnits(unitPrice), quantity)))

const shippingOf = (quotes: readonly Quote[]): Minor => sum(quotes.map(({ cost }) => BigInt(cost)))

/** Everything that the price of a checkout is made of. */
export interface Prices {
  readonly cart: readonly CartLine[]
  readonly reserved: readonly ReservedLine[]
  readonly quotes: readonly Quote[]
  /** What the parcels cost from where the cart says that they leave, as far as they leave from elsewhere. */
  readonly shownQuotes: readonly Quote[]
  /** What vouchers take off. */
  readonly discount: Minor
}

/** What a checkout costs, and what the buyer thinks it costs where that is something else. */
export function totals({ cart, reserved, quotes, shownQuotes, discount }: Prices, expectedTotal: bigint | null) {
  const items = itemsTotal(reserved)
  const shipping = shippingOf(quotes)
  const total = minorUnits(items + shipping - discount)
  // Who named no total agrees to what the cart has shown.
  const shown = quotes.map((quote) => shownQuotes.find(({ shopId }) => shopId === quote.shopId) ?? quote)
  const wasShown = itemsTotal(cart) + shippingOf(shown)
  const expected = minorUnits(expectedTotal ?? (wasShown > discount ? wasShown - discount : 0n))
  return { items, shipping, total, expected, agreed: expected === total }
}
