import { idParser, newId } from '@pasar/shared/ids'
import { requestHash } from '@pasar/shared/idempotency'
import { problem, Unavailable } from '@pasar/shared/problems'
import { limits } from '@pasar/shared/limits'
import { fromWire, toWire } from '@pasar/shared/wire'
import type { ProductsDeps } from '../context.ts'
import { sumByVariant } from '../domain/allocation.ts'
import { bounds } from '../domain/bounds.ts'
import { parseList, parseWhole } from '../domain/input.ts'
import { freeze, planReservation, type ReservePlan, type Stocktake } from '../domain/reserve-plan.ts'
import type { ProductsReserveInput } from '../generated/resolvers.ts'
import { findEarlier, type Remembered } from '../store/stocktake.ts'

const parseLines = (lines: ProductsReserveInput['lines']) =>
  sumByVariant(
    parseList(lines, 'lines', [1, bounds.reserveLinesMax]).map(({ variantId, quantity }) => ({
      variantId: idParser('variant')(variantId, 'variantId'),
      quantity: parseWhole(quantity, 'quantity', [1, limits.cartQuantityMax]),
    })),
  )

const parseInput = ({ checkoutId, lines, expiresAt, preferredWarehouseIds, preferredOrigins }: ProductsReserveInput) => ({
  checkoutId: idParser('checkout')(checkoutId, 'checkoutId'),
  expiresAt,
  lines: parseLines(lines),
  preferred: {
    warehouseIds: parseList(preferredWarehouseIds ?? [], 'preferredWarehouseIds', [0, bounds.reserveLinesMax]),
    origins: parseList(preferredOrigins ?? [], 'preferredOrigins', [0, bounds.reserveLinesMax]),
  },
})

/** Which lines could not be reserved now; nothing is held by asking. */
export async function findShort({ rush }: ProductsDeps, { lines: raw }: Pick<ProductsReserveInput, 'lines'>) {
  const lines = parseLines(raw)
  const plan = planReservation(lines, await rush.look(lines))
  return plan.kind === 'short' ? plan.lines : []
}

type Parsed = ReturnType<typeof parseInput>

/**
 * Reserves all lines of a checkout or none: looks, decides, and takes in one statement that changes nothing where the shelves no longer
 * have what was seen; then somebody else has it, and it looks again.
 */
export async function reserveStock(deps: ProductsDeps, raw: ProductsReserveInput) {
  const input = parseInput(raw)
  // A repeat may say another time limit, made from its own now, and prefer others; the first one counts.
  const hash = requestHash(input.lines)
  let passedOver = false
  for (let attempt = 1; attempt <= bounds.reserveAttemptsMax; attempt += 1) {
    const looked = await deps.rush.look(input.lines)
    const plan = planReservation(input.lines, looked, input.preferred)
    // Few reserves are repeats: whether one is, is asked where it matters, and the statement that takes knows it by itself.
    const earlier = passedOver || plan.kind !== 'possible' ? await findEarlier(deps.send, input.checkoutId) : undefined
    if (earlier) return replay(earlier, hash, input.checkoutId)
    if (plan.kind === 'unavailable') return problem('ProductsUnavailable', { variantIds: plan.variantIds })
    if (plan.kind === 'short') return problem('ProductsOutOfStock', { lines: plan.lines })
    // The first look may have found an empty bucket; the counter gives what the second one still lacks.
    if (plan.scarce.length > 0 && attempt === 1) {
      await deps.rush.layOut(plan.scarce)
      continue
    }
    const reserved = await take(deps, { input, hash, looked, plan }, passedOver)
    if (reserved) return reserved
    passedOver = true
  }
  throw new Unavailable('products')
}

interface Decided {
  readonly input: Parsed
  readonly hash: string
  readonly looked: Stocktake
  readonly plan: Extract<ReservePlan, { readonly kind: 'possible' }>
}

/** Takes what was decided; undefined when it was no longer there. Whoever was passed over once waits for its turn. */
async function take({ rush, clock }: ProductsDeps, { input, hash, looked, plan }: Decided, wait: boolean) {
  const now = clock.now()
  const reservationId = newId('reservation')
  const frozen = freeze(input.lines, looked, plan)
  const result = { __typename: 'ProductsReserved', reservationId, ...frozen } as const
  const expiresAt = new Date(now.getTime() + limits.idempotencyKeptHours * 3_600_000)
  const record = { hash, outcome: toWire(result), expiresAt }
  const { checkoutId } = input
  const { takes, allocations } = plan
  const one = { reservationId, checkoutId, expiresAt: input.expiresAt, now, takes, allocations, record }
  return (await rush.hold({ one, wait })) ? result : undefined
}

type Reserved = NonNullable<Awaited<ReturnType<typeof take>>>

/** A repeat is answered from the record, as long as the reservation is there. */
function replay({ state, hash, outcome }: Remembered, asked: string, checkoutId: string) {
  if (hash !== null && hash !== asked) return problem('IdempotencyKeyReused', { idempotencyKey: checkoutId })
  if (outcome !== null && (state === 'HELD' || state === 'CONFIRMED')) return fromWire(outcome) as Reserved
  return problem('ProductsReservationGone', {})
}
