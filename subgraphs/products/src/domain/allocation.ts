/** Units of a variant that are wanted. */
export interface Wanted {
  readonly variantId: string
  readonly shopId: string
  readonly quantity: number
}

/** Units of a variant that a warehouse can give. */
export interface Spare {
  readonly variantId: string
  readonly warehouseId: string
  readonly available: number
}

/** Units of a variant taken from a warehouse. */
export interface Allocation {
  readonly variantId: string
  readonly warehouseId: string
  readonly quantity: number
}

/** All lines with where they come from, or the variants that lack units with how many there are. */
export type AllocationOutcome =
  | { readonly enough: true; readonly allocations: readonly Allocation[] }
  | { readonly enough: false; readonly short: readonly { readonly variantId: string; readonly available: number }[] }

/** Sums the quantities of each variant, in the order of their ids. */
export function sumByVariant(
  lines: readonly { readonly variantId: string; readonly quantity: number }[],
): { readonly variantId: string; readonly quantity: number }[] {
  const sums = new Map<string, number>()
  for (const { variantId, quantity } of lines) sums.set(variantId, (sums.get(variantId) ?? 0) + quantity)
  return [...sums].map(([variantId, quantity]) => ({ variantId, quantity })).toSorted((a, b) => compare(a.variantId, b.variantId))
}

/**
 * Chooses warehouses: of each shop the one that has everything, so that its order is one parcel; else for each variant one that has
 * all of it; else from the fullest downwards. Of several that would do, a preferred one, and of these one of the first grade that has any.
 */
export function allocateUnits(
  wanted: readonly Wanted[],
  spare: readonly Spare[],
  preferred: readonly (readonly string[])[],
): AllocationOutcome {
  const ranked = ranking(spare, preferred)
  const byVariant = new Map(wanted.map(({ variantId }) => [variantId, ranked.filter((entry) => entry.variantId === variantId)]))
  const short = wanted
    .map(({ variantId, quantity }) => ({ variantId, quantity, available: total(byVariant.get(variantId)!) }))
    .filter(({ quantity, available }) => available < quantity)
  if (short.length > 0) return { enough: false, short: short.map(({ variantId, available }) => ({ variantId, available })) }
  const allocations = [...shopsOf(wanted)].flatMap((lines) => {
    const whole = warehouseWithAll(lines, byVariant)
    return lines.flatMap((line) => takeFrom(line, byVariant.get(line.variantId)!, whole))
  })
  return {
    enough: true,
    allocations: allocations.toSorted((a, b) => compare(a.variantId, b.variantId) || compare(a.warehouseId, b.warehouseId)),
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The preferred first, grade by grade, then the fullest; ties by id, so that a repeat chooses alike. */
function ranking(spare: readonly Spare[], preferred: readonly (readonly string[])[]): Spare[] {
  const rank = ({ warehouseId }: Spare) => {
    const grade = preferred.findIndex((ids) => ids.includes(warehouseId))
    return grade < 0 ? preferred.length : grade
  }
  return spare
    .filter(({ available }) => available > 0)
    .toSorted((a, b) => rank(a) - rank(b) || b.available - a.available || compare(a.warehouseId, b.warehouseId))
}

const total = (spare: readonly Spare[]): number => spare.reduce((sum, { available }) => sum + available, 0)

function shopsOf(wanted: readonly Wanted[]): Iterable<readonly Wanted[]> {
  const shops = new Map<string, Wanted[]>()
  for (const line of wanted) shops.set(line.shopId, [...(shops.get(line.shopId) ?? []), line])
  return shops.values()
}

const warehouseWithAll = (lines: readonly Wanted[], byVariant: ReadonlyMap<string, readonly Spare[]>): string | undefined =>
  byVariant
    .get(lines[0]!.variantId)!
    .map(({ warehouseId }) => warehouseId)
    .find((id) =>
      lines.every(({ variantId, quantity }) =>
        byVariant.get(variantId)!.some(({ warehouseId, available }) => warehouseId === id && available >= quantity),
      ),
    )

function takeFrom({ variantId, quantity }: Wanted, spare: readonly Spare[], preferred: string | undefined): Allocation[] {
  const whole = preferred ?? spare.find(({ available }) => available >= quantity)?.warehouseId
  if (whole !== undefined) return [{ variantId, warehouseId: whole, quantity }]
  const taken: Allocation[] = []
  let left = quantity
  for (const { warehouseId, available } of spare) {
    if (left === 0) break
    const units = Math.min(left, available)
    taken.push({ variantId, warehouseId, quantity: units })
    left -= units
  }
  return taken
}
