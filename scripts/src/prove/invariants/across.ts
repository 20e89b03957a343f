import { orderStates } from '@pasar/orders/domain/order'
import type { Broken, Invariant } from './broken.ts'
import type { Facts, OrderFact } from './facts.ts'

/** Where the domains contradict each other when nothing is due any more. Pure. */
export function contradictions(facts: Facts): Broken[] {
  const known = indexed(facts)
  return [
    ...facts.orders.flatMap((order) => ofOrder(order, known)),
    ...facts.checkouts.flatMap(({ id }) => ofCheckout(id, known)),
    ...orphans(facts, known),
  ]
}

const by = <T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, T> => new Map(rows.map((row) => [key(row), row]))

const grouped = <T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>()
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row])
  return groups
}

const indexed = (facts: Facts) => ({
  checkouts: by(facts.checkouts, ({ id }) => id),
  orders: grouped(facts.orders, ({ checkoutId }) => checkoutId),
  payments: by(facts.payments, ({ checkoutId }) => checkoutId),
  escrows: by(facts.escrows, ({ orderId }) => orderId),
  reservations: by(facts.reservations, ({ checkoutId }) => checkoutId),
  locks: by(facts.locks, ({ checkoutId }) => checkoutId),
  sent: new Set(facts.shipments.filter(({ direction }) => direction === 'OUTBOUND').map(({ orderId }) => orderId)),
})

type Known = ReturnType<typeof indexed>

/** A way in which the domains may contradict each other: when, and in which words. */
type Rule<V> = readonly [invariant: Invariant, isBroken: (view: V) => boolean, what: (view: V) => string]

const judge = <V>(view: V, rules: readonly Rule<V>[]): Broken[] =>
  rules.filter(([, isBroken]) => isBroken(view)).map(([invariant, , what]) => ({ invariant, what: what(view) }))

/** States of an order whose money is held. */
const held: readonly string[] = orderStates.filter((state) => !['AWAITING_PAYMENT', 'COMPLETED', 'CANCELLED'].includes(state))
const sold = [...held, 'COMPLETED']
const withParcel = sold.filter((state) => !['PAID', 'CANCELLING'].includes(state))
const backed = ['REFUNDING', 'REFUNDED']

/** An order with what the other domains know of it. */
interface OrderView extends OrderFact {
  readonly money: string
  readonly givenBack: number
  readonly isCaptured: boolean
  readonly stock: string
  /** Where its goods were taken from; undefined where none were. */
  readonly places: readonly string[] | undefined
  readonly hasParcel: boolean
}

const money = ({ id, state, money: escrow }: OrderView) => `order ${id} is ${state}, its money ${escrow}`

const orderRules: readonly Rule<OrderView>[] = [
  ['I3', (o) => held.includes(o.state) && o.money !== 'HELD', money],
  ['I3', (o) => o.state === 'COMPLETED' && o.money !== 'RELEASED', money],
  [
    'I3',
    (o) => o.refunded !== o.givenBack,
    (o) => `order ${o.id} decided to give ${o.refunded} back, payments gave ${o.givenBack}`,
  ],
  [
    'I3',
    (o) => o.state === 'CANCELLED' && o.isPaid && !backed.includes(o.money),
    (o) => `order ${o.id} is CANCELLED and paid, its money ${o.money}`,
  ],
  ['I3', (o) => !o.isPaid && o.isCaptured, (o) => `order ${o.id} is ${o.state} as unpaid, but its payment was captured`],
  ['I2', (o) => sold.includes(o.state) && o.stock !== 'CONFIRMED', (o) => `order ${o.id} is ${o.state}, its stock ${o.stock}`],
  [
    'I3',
    (o) => o.places?.includes(o.leavesFrom) === false,
    (o) => `order ${o.id} leaves from ${o.leavesFrom}, its goods were taken from ${o.places!.join(', ')}`,
  ],
  ['I3', (o) => withParcel.includes(o.state) && !o.hasParcel, (o) => `order ${o.id} is ${o.state} and no parcel was asked for`],
]

function ofOrder(order: OrderFact, { payments, escrows, reservations, sent }: Known): Broken[] {
  const reservation = order.reservedAs === null ? undefined : reservations.get(order.reservedAs)
  return judge<OrderView>(
    {
      ...order,
      money: escrows.get(order.id)?.escrow ?? 'unknown',
      givenBack: escrows.get(order.id)?.refunded ?? 0,
      isCaptured: payments.get(order.checkoutId)?.isCaptured ?? false,
      stock: reservation?.state ?? 'never taken',
      places: reservation?.places,
      hasParcel: sent.has(order.id),
    },
    orderRules,
  )
}

/** A checkout with what the other domains know of it. */
interface CheckoutView {
  readonly at: string
  readonly state: string
  readonly total: number | null
  readonly orders: readonly OrderFact[]
  readonly payment: Facts['payments'][number] | undefined
  readonly lock: string | undefined
  readonly stock: string
}

const endings = ['FAILED', 'EXPIRED', 'CANCELLED']
/** Ended without a sale, and no payment came after the end. */
const isOver = ({ state, orders }: CheckoutView) => endings.includes(state) && !orders.some(({ isPaid }) => isPaid)
const waits = ({ state }: CheckoutView) => state === 'AWAITING_PAYMENT'

const checkoutRules: readonly Rule<CheckoutView>[] = [
  ['I3', (c) => c.state === 'PAID' && !c.payment?.isCaptured, (c) => `${c.at}, its payment ${c.payment?.state ?? 'unknown'}`],
  ['I3', (c) => (waits(c) || c.state === 'PAID') && c.orders.length === 0, (c) => `${c.at} and has no orders`],
  ['I3', (c) => waits(c) && c.payment?.amount !== c.total, (c) => `${c.at} for ${c.total}, its payment for ${c.payment?.amount}`],
  ['I2', (c) => waits(c) && c.stock !== 'HELD', (c) => `${c.at}, its stock ${c.stock}`],
  ['I2', (c) => isOver(c) && c.stock === 'HELD', (c) => `${c.at}, its stock still held`],
  ['I3', (c) => c.lock === 'LOCKED', (c) => `${c.at}, its cart still locked`],
  ['I3', (c) => isOver(c) && c.orders.some(({ state }) => state !== 'CANCELLED'), (c) => `${c.at}, an order of it goes on`],
]

function ofCheckout(id: string, { checkouts, orders, payments, reservations, locks }: Known): Broken[] {
  const { state, total } = checkouts.get(id)!
  const own = orders.get(id) ?? []
  const view: CheckoutView = {
    at: `checkout ${id} is ${state}`,
    state,
    total,
    orders: own,
    payment: payments.get(id),
    lock: locks.get(id)?.state,
    stock: reservations.get(id)?.state ?? 'never reserved',
  }
  return [...judge(view, checkoutRules), ...ofSoldUnits(own, reservations)]
}

/** What was sold of a checkout is what its orders say, less what is back on the shelf. */
function ofSoldUnits(own: readonly OrderFact[], reservations: Known['reservations']): Broken[] {
  const taken = grouped(
    own.filter(({ reservedAs }) => reservedAs !== null),
    ({ reservedAs }) => reservedAs!,
  )
  return [...taken].flatMap(([reservedAs, orders]) => {
    const reservation = reservations.get(reservedAs)
    const wanted = orders.reduce((sum, { units }) => sum + units, 0)
    const isWhole = reservation?.units === wanted
    const gone = orders.reduce((sum, { back }) => sum + back, 0)
    return [
      ...says(!isWhole, `reservation of ${reservedAs} has ${reservation?.units ?? 'no'} units for orders of ${wanted}`),
      ...says(
        isWhole && reservation.restocked < gone,
        `${reservation?.restocked} of ${gone} cancelled units of ${reservedAs} are back`,
      ),
    ]
  })
}

const says = (isBroken: boolean, what: string): Broken[] => (isBroken ? [{ invariant: 'I2', what }] : [])

/** What other domains keep of checkouts that orders does not know. */
const orphans = (facts: Facts, { checkouts }: Known): Broken[] => [
  ...unsold(facts, checkouts),
  ...facts.payments
    .filter(({ checkoutId }) => !checkouts.has(checkoutId))
    .map(({ checkoutId }) => ({ invariant: 'I3' as const, what: `a payment of ${checkoutId}, which orders does not know` })),
  ...facts.locks
    .filter(({ checkoutId, state }) => state === 'LOCKED' && !checkouts.has(checkoutId))
    .map(({ checkoutId }) => ({
      invariant: 'I3' as const,
      what: `a cart is locked by ${checkoutId}, which orders does not know`,
    })),
]

/** Stock that was taken for orders which are not there: goods that came late are taken under another id than their checkout's. */
function unsold({ reservations, orders }: Facts, checkouts: Known['checkouts']): Broken[] {
  const sold = new Set(orders.map(({ reservedAs }) => reservedAs))
  return reservations
    .filter(({ checkoutId, state }) =>
      state === 'HELD' ? !checkouts.has(checkoutId) : state === 'CONFIRMED' && !sold.has(checkoutId),
    )
    .map(({ checkoutId, state }) => ({ invariant: 'I2', what: `stock is ${state} for ${checkoutId}, as which no order has it` }))
}
