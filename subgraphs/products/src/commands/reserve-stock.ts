import { idParser, newId } from '@pasar/shared/ids'
import { requestHash } from '@pasar/shared/idempotency'
import { problem, Unavailable } from '@pasar/shared/problems'
import { limits } from '@pasar/shared/limits'
import { fromWire, toWire } from '@pasar/shared/wire'
import type { ProductsDeps } from '../context.ts'
import { sumByVariant } from '../domain/allocation.ts'
import { bounds } from '../domain/bounds.ts'
import { optionally, parseList, parseWhole } from '../domain/input.ts'
import { openTally, type Claim } from '../domain/flash-sale-claims.ts'
import { freeze, linesBeyondSale, planReservation, salesSeen, type ReservePlan, type Stocktake } from '../domain/reserve-plan.ts'
import type { ProductsReserveInput, ProductsShortInput } from '../generated/resolvers.ts'
import { findBought, findClaims } from '../store/flash-sale-claims.ts'
import { findEarlier, type Remembered } from '../store/stocktake.ts'

const parseLines = (lines: ProductsReserveInput['lines']) =>
  sumByVariant(
    parseList(lines, 'lines', [1, bounds.reserveLinesMax]).map(({ variantId, quantity }) => ({
      variantId: idParser('variant')(variantId, 'variantId'),
      quantity: parseWhole(quantity, 'quantity', [1, limits.cartQuantityMax]),
    })),
  )

const parseBuyer = (raw: string) => idParser('account')(raw, 'buyerId')

const parseInput = ({
  checkoutId,
  buyerId,
  insteadOf,
  lines,
  expiresAt,
  preferredWarehouseIds,
  preferredOrigins,
}: ProductsReserveInput) => ({
  checkoutId: idParser('checkout')(checkoutId, 'checkoutId'),
  buyerId: optionally(buyerId, parseBuyer) ?? null,
  insteadOf: optionally(insteadOf, (id) => idParser('checkout')(id, 'insteadOf')),
  expiresAt,
  lines: parseLines(lines),
  preferred: {
    warehouseIds: parseList(preferredWarehouseIds ?? [], 'preferredWarehouseIds', [0, bounds.reserveLinesMax]),
    origins: parseList(preferredOrigins ?? [], 'preferredOrigins', [0, bounds.reserveLinesMax]),
  },
})

/**
 * Which lines could not be reserved now, for want of stock or of a flash sale's units; nothing is held by asking. Of a sale that has some left,
 * those who are named are told what each of them can still have, all of them in one look.
 */
export async function findShort(deps: ProductsDeps, { lines: raw, buyerIds: named }: ProductsShortInput) {
  const lines = parseLines(raw)
  const buyerIds = parseList(named ?? [], 'buyerIds', [0, limits.checkoutLooksMax]).map(parseBuyer)
  const looked = await deps.rush.look(lines)
  const plan = planReservation(lines, looked)
  if (plan.kind === 'short') return plan.lines.map((line) => ({ ...line, inFlashSale: false }))
  const beyond = plan.kind === 'possible' ? linesBeyondSale(lines, looked.onSale) : []
  if (buyerIds.length === 0 || beyond.every(({ available }) => available === 0))
    return beyond.map((line) => ({ ...line, inFlashSale: true }))
  const lacking = await lackingFor(deps, looked, { lines, buyerIds })
  return lacking.flatMap((own, index) => own.map((line) => ({ ...line, inFlashSale: true, buyerId: buyerIds[index]! })))
}

/** What flash sales, as they were seen, have too little of for each buyer, who may have bought of them before. */
async function lackingFor(
  { send }: ProductsDeps,
  looked: Stocktake,
  { lines, buyerIds }: Pick<Parsed, 'lines'> & { readonly buyerIds: readonly Parsed['buyerId'][] },
) {
  const wanted = buyerIds.map((buyerId) => claimsOf({ lines, buyerId }, looked, undefined))
  const sales = salesSeen(looked.onSale)
  const bought = sales.some(({ unitsPerBuyer }) => unitsPerBuyer !== null) ? await findBought(send, wanted.flat()) : []
  const tally = openTally(sales, bought)
  return wanted.map((claims) => tally.lacking(claims))
}

type Parsed = ReturnType<typeof parseInput>

/**
 * Reserves all lines of a checkout or none: looks, decides, and takes in one statement that changes nothing where the shelves no longer
 * have what was seen; then somebody else has it, and it looks again. What is sold in a flash sale with a limit takes of that, too.
 */
export async function reserveStock(deps: ProductsDeps, raw: ProductsReserveInput) {
  const input = parseInput(raw)
  // A repeat may say another time limit, made from its own now, and prefer others; the first one counts.
  const hash = requestHash(input.lines)
  const had = input.insteadOf === undefined ? undefined : await findClaims(deps.send, input.insteadOf)
  let passedOver = false
  for (let attempt = 1; attempt <= bounds.reserveAttemptsMax; attempt += 1) {
    const looked = await deps.rush.look(input.lines)
    const plan = planReservation(input.lines, looked, input.preferred)
    const refusal = await refusalOf(deps, { input, looked, plan, had })
    // Few reserves are repeats: whether one is, is asked where it matters, and the statement that takes knows it by itself.
    const earlier = passedOver || refusal ? await repeatOf(deps, input, hash) : undefined
    if (earlier) return earlier
    if (refusal || plan.kind !== 'possible') return refusal!
    // The first look may have found an empty bucket; the counter gives what the second one still lacks.
    if (plan.scarce.length > 0 && attempt === 1) {
      await deps.rush.layOut(plan.scarce)
      continue
    }
    const taken = await take(deps, { input, hash, looked, plan, claims: claimsOf(input, looked, had) }, passedOver)
    if (taken?.__typename === 'ProductsReserved') return taken
    // What the sale lacks may be what this checkout has taken before.
    if (taken) return (await repeatOf(deps, input, hash)) ?? taken
    passedOver = true
  }
  throw new Unavailable('products')
}

type Had = Awaited<ReturnType<typeof findClaims>>

/** What was seen, and what a checkout had of flash sales, if its goods were lost. */
interface Seen {
  readonly input: Parsed
  readonly looked: Stocktake
  readonly plan: ReservePlan
  readonly had: Had | undefined
}

/** Why nothing can be reserved, if so: for want of stock, or of units of a flash sale. */
async function refusalOf(deps: ProductsDeps, { input, looked, plan, had }: Seen) {
  if (plan.kind === 'unavailable') return problem('ProductsUnavailable', { variantIds: plan.variantIds })
  if (plan.kind === 'short') return problem('ProductsOutOfStock', { lines: plan.lines })
  if (had || linesBeyondSale(input.lines, looked.onSale).length === 0) return undefined
  const [lines] = await lackingFor(deps, looked, { lines: input.lines, buyerIds: [input.buyerId] })
  return problem('ProductsFlashSaleLimited', { lines: lines! })
}

/** What a checkout takes of flash sales: what its price is of, or what it had of them before its goods were lost. */
function claimsOf(
  { lines, buyerId }: Pick<Parsed, 'lines' | 'buyerId'>,
  { onSale }: Stocktake,
  had: Had | undefined,
): readonly Claim[] {
  if (had) return had.map((claim) => ({ ...claim, again: true }))
  const sales = new Map(onSale.map(({ id, flashSale }) => [id, flashSale]))
  return lines.flatMap(({ variantId, quantity }) => {
    const sale = sales.get(variantId)
    return sale ? [{ flashSaleId: sale.id, variantId, quantity, buyerId, again: false }] : []
  })
}

interface Decided {
  readonly input: Parsed
  readonly hash: string
  readonly looked: Stocktake
  readonly plan: Extract<ReservePlan, { readonly kind: 'possible' }>
  readonly claims: readonly Claim[]
}

/** Takes what was decided; undefined when it was no longer there. Whoever was passed over once waits for its turn. */
async function take({ rush, clock }: ProductsDeps, { input, hash, looked, plan, claims }: Decided, wait: boolean) {
  const now = clock.now()
  const reservationId = newId('reservation')
  const frozen = freeze(input.lines, looked, plan)
  const result = { __typename: 'ProductsReserved', reservationId, ...frozen } as const
  const expiresAt = new Date(now.getTime() + limits.idempotencyKeptHours * 3_600_000)
  const record = { hash, outcome: toWire(result), expiresAt }
  const { checkoutId } = input
  const { takes, allocations } = plan
  const one = { reservationId, checkoutId, expiresAt: input.expiresAt, now, takes, allocations, record }
  if (claims.length === 0) return (await rush.hold({ one, wait })) ? result : undefined
  const answer = await rush.holdOnSale({ one, wait, claims })
  if (answer === 'held') return result
  return answer === 'passed over' ? undefined : problem('ProductsFlashSaleLimited', { lines: answer.lacking })
}

type Reserved = Extract<Awaited<ReturnType<typeof take>>, { readonly __typename: 'ProductsReserved' }>

/** A repeat is answered from the record, as long as the reservation is there. */
async function repeatOf({ send }: ProductsDeps, { checkoutId }: Parsed, asked: string) {
  const earlier = await findEarlier(send, checkoutId)
  return earlier && replay(earlier, asked, checkoutId)
}

function replay({ state, hash, outcome }: Remembered, asked: string, checkoutId: string) {
  if (hash !== null && hash !== asked) return problem('IdempotencyKeyReused', { idempotencyKey: checkoutId })
  if (outcome !== null && (state === 'HELD' || state === 'CONFIRMED')) return fromWire(outcome) as Reserved
  return problem('ProductsReservationGone', {})
}
