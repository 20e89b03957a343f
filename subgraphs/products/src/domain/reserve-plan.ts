import { allocateUnits, type Allocation } from './allocation.ts'
import type { Left, LimitedSale } from './flash-sale-claims.ts'
import type { WarehouseFields } from './warehouse.ts'

/** A line of a checkout; lines of one variant are summed. */
export interface Line {
  readonly variantId: string
  readonly quantity: number
}

/** A variant as the checkout freezes it. */
export interface Sale {
  readonly id: string
  readonly productId: string
  readonly categoryId: string
  readonly categoryPath: readonly string[]
  readonly shopId: string
  readonly title: string
  readonly variantName: string
  readonly sku: string
  readonly price: bigint
  readonly weightGrams: number
  readonly lengthMm: number
  readonly widthMm: number
  readonly heightMm: number
  readonly imageUrl: string | null
  /** The flash sale whose price it is, where that has a limit. */
  readonly flashSale: SaleOnPrice | null
}

/** A flash sale with a limit, as somebody sees it who looks at the shelves. */
export interface SaleOnPrice {
  readonly id: string
  /** Units that nobody holds or has bought; null where any number is sold. */
  readonly left: number | null
  readonly unitsPerBuyer: number | null
}

/** One component of a bundle. */
export interface Component {
  readonly bundleId: string
  readonly componentId: string
  readonly quantity: number
}

/** What a warehouse can give of a SKU: from its counter, and from the units that lie ready (counted as far as it takes to decide). */
export interface Shelf {
  readonly variantId: string
  readonly warehouseId: string
  readonly counted: number
  readonly units: number
  /** Whether its units are to be taken one by one. */
  readonly byUnits: boolean
}

/** Everything that a reservation is decided by. */
export interface Stocktake {
  readonly onSale: readonly Sale[]
  readonly components: readonly Component[]
  readonly shelves: readonly Shelf[]
  readonly warehouses: readonly (Omit<WarehouseFields, 'name'> & { readonly id: string })[]
}

/** What comes before others that would do as well: first these warehouses, then those of the origins. */
export interface Preferred {
  readonly warehouseIds: readonly string[]
  /** Of a shop, its warehouses in a regency. */
  readonly origins: readonly { readonly shopId: string; readonly regencyCode: string }[]
}

/** Units to take from a warehouse: from the counter, and ready ones. */
export interface Take {
  readonly variantId: string
  readonly warehouseId: string
  readonly counted: number
  readonly units: number
}

/** Units of a SKU from a warehouse, for a line: how many of the line's own units they make. */
export interface LineAllocation extends Allocation {
  readonly soldAs: string
  readonly sold: number
}

/** How all lines can be reserved, or why none. */
export type ReservePlan =
  | { readonly kind: 'unavailable'; readonly variantIds: readonly string[] }
  | { readonly kind: 'short'; readonly lines: readonly { readonly variantId: string; readonly available: number }[] }
  | {
      readonly kind: 'possible'
      readonly takes: readonly Take[]
      readonly allocations: readonly LineAllocation[]
      /** Warehouses where the buyer was shown that the parcel leaves from. */
      readonly shown: readonly string[]
      /** SKUs of which fewer units lie ready than the counter could give. */
      readonly scarce: readonly string[]
    }

/** What one line needs of each SKU: itself, or the components of a bundle. */
interface Need extends Line {
  readonly soldAs: string
  readonly lineQuantity: number
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function needsOf(lines: readonly Line[], components: readonly Component[]): readonly Need[] {
  return lines.flatMap(({ variantId, quantity }) => {
    const parts = components.filter(({ bundleId }) => bundleId === variantId)
    const base = { soldAs: variantId, lineQuantity: quantity }
    if (parts.length === 0) return [{ ...base, variantId, quantity }]
    return parts.map((part) => ({ ...base, variantId: part.componentId, quantity: part.quantity * quantity }))
  })
}

/** Decides from where all lines are taken: first summed by SKU, so that two lines (or two bundles) never share a unit. */
export function planReservation(
  lines: readonly Line[],
  { onSale, components, shelves, warehouses }: Stocktake,
  preferred: Preferred = { warehouseIds: [], origins: [] },
): ReservePlan {
  const sales = new Map(onSale.map((sale) => [sale.id, sale]))
  const gone = lines.filter(({ variantId }) => !sales.has(variantId)).map(({ variantId }) => variantId)
  if (gone.length > 0) return { kind: 'unavailable', variantIds: gone }
  const needs = needsOf(lines, components)
  const wanted = new Map<string, { variantId: string; shopId: string; quantity: number }>()
  for (const { variantId, quantity, soldAs } of needs) {
    const before = wanted.get(variantId)?.quantity ?? 0
    wanted.set(variantId, { variantId, shopId: sales.get(soldAs)!.shopId, quantity: before + quantity })
  }
  const spare = shelves.map(({ counted, units, ...place }) => ({ ...place, available: counted + units }))
  const regencyOf = new Map(warehouses.map(({ id, regencyCode }) => [id, regencyCode]))
  const originOf = new Map(preferred.origins.map(({ shopId, regencyCode }) => [shopId, regencyCode]))
  const isShown = ({ variantId, warehouseId }: Shelf) =>
    originOf.get(wanted.get(variantId)!.shopId) === regencyOf.get(warehouseId)
  const shown = shelves.filter(isShown).map(({ warehouseId }) => warehouseId)
  const outcome = allocateUnits([...wanted.values()], spare, [preferred.warehouseIds, shown])
  if (!outcome.enough) return { kind: 'short', lines: shortLines(needs, outcome.short) }
  const taken = outcome.allocations.map((allocation) => takeOf(allocation, shelves))
  return {
    kind: 'possible',
    takes: taken.map(({ take }) => take),
    allocations: shareOut(needs, outcome.allocations),
    shown,
    scarce: [...new Set(taken.filter(({ scarce }) => scarce).map(({ take }) => take.variantId))],
  }
}

/** The lines of which a flash sale has less left than is wanted, or sells less to anybody. */
export function linesBeyondSale(lines: readonly Line[], onSale: readonly Sale[]): readonly Left[] {
  const sales = new Map(onSale.map(({ id, flashSale }) => [id, flashSale]))
  return lines.flatMap(({ variantId, quantity }) => {
    const sale = sales.get(variantId)
    const available = Math.max(0, Math.min(sale?.left ?? Infinity, sale?.unitsPerBuyer ?? Infinity))
    return available < quantity ? [{ variantId, available }] : []
  })
}

/** The flash sales with a limit as they were seen, with what was left of them. */
export const salesSeen = (onSale: readonly Sale[]): readonly LimitedSale[] =>
  onSale.flatMap(({ flashSale }) => {
    if (!flashSale) return []
    const { id, left: units, unitsPerBuyer } = flashSale
    return [{ id, isRunning: true, knowsBuyers: true, units, unitsPerBuyer, taken: 0 }]
  })

/** The lines that cannot be had, and of each how many could be bought by itself. */
function shortLines(needs: readonly Need[], short: readonly { readonly variantId: string; readonly available: number }[]) {
  const left = new Map(short.map(({ variantId, available }) => [variantId, available]))
  const lines = new Map<string, number>()
  for (const { soldAs, variantId, quantity, lineQuantity } of needs) {
    const available = left.get(variantId)
    if (available === undefined) continue
    const makes = Math.floor(available / (quantity / lineQuantity))
    lines.set(soldAs, Math.min(lines.get(soldAs) ?? makes, makes))
  }
  return [...lines].map(([variantId, available]) => ({ variantId, available }))
}

/** Ready units first where the SKU is taken by units; the counter first where it is not. */
function takeOf({ variantId, warehouseId, quantity }: Allocation, shelves: readonly Shelf[]) {
  const shelf = shelves.find((one) => one.variantId === variantId && one.warehouseId === warehouseId)!
  const units = shelf.byUnits ? Math.min(quantity, shelf.units) : Math.max(0, quantity - shelf.counted)
  return { take: { variantId, warehouseId, counted: quantity - units, units }, scarce: shelf.byUnits && units < quantity }
}

/** Gives each line its part of what is taken of each SKU. */
function shareOut(needs: readonly Need[], allocations: readonly Allocation[]): readonly LineAllocation[] {
  const left = allocations.map((allocation) => ({ ...allocation }))
  const told = new Map<string, number>()
  return needs.flatMap(({ soldAs, variantId, quantity, lineQuantity }) => {
    const parts: LineAllocation[] = []
    let missing = quantity
    for (const place of left) {
      if (place.variantId !== variantId || place.quantity === 0 || missing === 0) continue
      const units = Math.min(missing, place.quantity)
      // A bundle's own units are told once, by the first of its parts that have room for them.
      const sold = Math.min(units, lineQuantity - (told.get(soldAs) ?? 0))
      told.set(soldAs, (told.get(soldAs) ?? 0) + sold)
      parts.push({ soldAs, variantId, warehouseId: place.warehouseId, quantity: units, sold })
      place.quantity -= units
      missing -= units
    }
    return parts
  })
}

/** What a checkout keeps of the variants and of the places that its parcels leave from. */
export function freeze(
  lines: readonly Line[],
  { onSale, warehouses }: Stocktake,
  { allocations, shown }: Pick<Extract<ReservePlan, { readonly kind: 'possible' }>, 'allocations' | 'shown'>,
) {
  const sales = new Map(onSale.map((sale) => [sale.id, sale]))
  const frozen = lines.map(({ variantId, quantity }) => {
    const { id: _, price, flashSale: __, ...sale } = sales.get(variantId)!
    const from = allocations.filter(({ soldAs }) => soldAs === variantId)
    return { variantId, quantity, unitPrice: price, ...sale, warehouseId: fullest(from) }
  })
  const origins = [...new Set(frozen.map(({ shopId }) => shopId))].map((shopId) => {
    const ofShop = allocations.filter(({ soldAs }) => sales.get(soldAs)!.shopId === shopId)
    const asShown = ofShop.filter(({ warehouseId }) => shown.includes(warehouseId))
    const from = fullest(asShown.length > 0 ? asShown : ofShop)
    const { contactName, phone, street, districtCode, regencyCode, postalCode } = warehouses.find(({ id }) => id === from)!
    return { shopId, name: contactName, phone, street, districtCode, regencyCode, postalCode }
  })
  return { lines: frozen, origins }
}

/** The warehouse that gives most: the parcel leaves from there, or from one where the buyer was shown it does, the rest is brought to it. */
function fullest(allocations: readonly Allocation[]): string {
  const units = new Map<string, number>()
  for (const { warehouseId, quantity } of allocations) units.set(warehouseId, (units.get(warehouseId) ?? 0) + quantity)
  return [...units].toSorted(([a, n], [b, m]) => m - n || compare(a, b))[0]![0]
}
