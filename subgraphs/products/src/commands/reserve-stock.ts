import { idParser, newId } from '@pasar/shared/ids'
import { runOnce } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import { limits } from '@pasar/shared/limits'
import type { ProductsDeps } from '../context.ts'
import { allocateUnits, sumByVariant, type Allocation } from '../domain/allocation.ts'
import { bounds } from '../domain/bounds.ts'
import { parseList, parseWhole } from '../domain/input.ts'
import type { Tx } from '../store/database.ts'
import { touchListings } from '../store/listings.ts'
import { findReservation, insertAllocations, insertReservation } from '../store/reservations.ts'
import { hold, lockSpare } from '../store/stock.ts'
import { findOnSale, type SaleRow } from '../store/variants.ts'
import { findWarehouses, type WarehouseRow } from '../store/warehouses.ts'

/** What a checkout reserves, as orders sends it. */
export interface ReserveInput {
  readonly checkoutId: string
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[]
  readonly expiresAt: Date
}

const parseInput = ({ checkoutId, lines, expiresAt }: ReserveInput) => ({
  checkoutId: idParser('checkout')(checkoutId, 'checkoutId'),
  expiresAt,
  lines: sumByVariant(
    parseList(lines, 'lines', [1, bounds.reserveLinesMax]).map(({ variantId, quantity }) => ({
      variantId: idParser('variant')(variantId, 'variantId'),
      quantity: parseWhole(quantity, 'quantity', [1, limits.cartQuantityMax]),
    })),
  ),
})

type Parsed = ReturnType<typeof parseInput>

/** Reserves all lines of a checkout or none. */
export async function reserveStock(deps: ProductsDeps, raw: ReserveInput) {
  const input = parseInput(raw)
  // A repeat may say another time limit, made from its own now; the first one counts.
  const attempt = { scope: 'productsReserve', actor: 'orders', key: input.checkoutId, input: input.lines }
  const result = await runOnce(deps, attempt, (tx) => reserve(deps, tx, input))
  if (result.__typename !== 'ProductsReserved') return result
  // A repeat is answered from the record, which does not know what has become of the reservation since.
  const state = (await findReservation(deps.db, input.checkoutId))?.state
  return state === 'HELD' || state === 'CONFIRMED' ? result : problem('ProductsReservationGone', {})
}

async function reserve({ clock }: ProductsDeps, tx: Tx, { checkoutId, lines, expiresAt }: Parsed) {
  const reservation = { id: newId('reservation'), checkoutId, state: 'HELD', expiresAt, createdAt: clock.now() } as const
  if (!(await insertReservation(tx, reservation))) return problem('ProductsReservationGone', {})
  const variantIds = lines.map(({ variantId }) => variantId)
  const spare = await lockSpare(tx, variantIds)
  const onSale = new Map((await findOnSale(tx, variantIds)).map((row) => [row.id, row]))
  const gone = variantIds.filter((id) => !onSale.has(id))
  if (gone.length > 0) return problem('ProductsUnavailable', { variantIds: gone })
  const wanted = lines.map((line) => ({ ...line, shopId: onSale.get(line.variantId)!.shopId }))
  const outcome = allocateUnits(wanted, spare)
  if (!outcome.enough) return problem('ProductsOutOfStock', { lines: outcome.short })
  await hold(tx, outcome.allocations)
  await insertAllocations(tx, reservation.id, outcome.allocations)
  await touchListings(tx, clock, { variantIds })
  const warehouses = await findWarehouses(tx, [...new Set(outcome.allocations.map(({ warehouseId }) => warehouseId))])
  return {
    __typename: 'ProductsReserved',
    reservationId: reservation.id,
    ...frozen(wanted, onSale, { allocations: outcome.allocations, warehouses }),
  } as const
}

/** Where the units come from. */
interface Sources {
  readonly allocations: readonly Allocation[]
  readonly warehouses: readonly WarehouseRow[]
}

/** What the checkout keeps of the variants and of the places that its parcels leave from. */
function frozen(
  wanted: readonly { variantId: string; quantity: number }[],
  onSale: ReadonlyMap<string, SaleRow>,
  sources: Sources,
) {
  const lines = wanted.map(({ variantId, quantity }) => {
    const { id: _, price, active: __, ...sale } = onSale.get(variantId)!
    const from = sources.allocations.filter((allocation) => allocation.variantId === variantId)
    return { variantId, quantity, unitPrice: price, ...sale, warehouseId: fullest(from) }
  })
  const origins = [...new Set(lines.map(({ shopId }) => shopId))].map((shopId) => {
    const ofShop = sources.allocations.filter(({ variantId }) => onSale.get(variantId)!.shopId === shopId)
    const { contactName, phone, street, districtCode, regencyCode, postalCode } = sources.warehouses.find(
      ({ id }) => id === fullest(ofShop),
    )!
    return { shopId, name: contactName, phone, street, districtCode, regencyCode, postalCode }
  })
  return { lines, origins }
}

/** The warehouse that gives most: the parcel leaves from there, the rest is brought to it. */
function fullest(allocations: readonly Allocation[]): string {
  const units = new Map<string, number>()
  for (const { warehouseId, quantity } of allocations) units.set(warehouseId, (units.get(warehouseId) ?? 0) + quantity)
  return [...units].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]![0]
}
