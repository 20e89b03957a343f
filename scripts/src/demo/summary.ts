/** What the story came to; `npm run demo -- --json` prints it. */
export interface Summary {
  readonly market: string
  readonly checkoutId: string
  readonly paid: number
  readonly orders: readonly OrderSummary[]
  /** Live frames that came. */
  readonly frames: number
  /** Debits less credits over the whole ledger. */
  readonly ledgerSum: number
  readonly stock: readonly StockSummary[]
  readonly ok: boolean
}

/** One order in the end. */
export interface OrderSummary {
  readonly id: string
  readonly shop: string
  readonly state: string
  readonly trackingNumber: string
  readonly delivered: boolean
  /** What happened to it live, in order. */
  readonly events: readonly string[]
  readonly items: number
  readonly shipping: number
  readonly total: number
  /** What is still in escrow for it. */
  readonly held: number
  /** What its shop earned by it. */
  readonly earned: number
  /** What its shop was charged for it: commission, the cost of the payment, PPN on both, PPh 22. */
  readonly charged: number
}

/** One variant before and after. */
export interface StockSummary {
  readonly variantId: string
  readonly title: string
  readonly bought: number
  readonly before: number
  readonly after: number
}

const framesMin = 12
const orderEvents = 'PLACED PAID ACCEPTED READY_TO_SHIP SHIPPED DELIVERED COMPLETED'

/** Every sentence in which the summary is not what it must be. */
export function deviationsOf(summary: Omit<Summary, 'ok' | 'market'>): string[] {
  const { orders, frames, ledgerSum, stock, paid } = summary
  const checks: (readonly [boolean, string])[] = [
    [orders.length === 2, `There are ${orders.length} orders, not two`],
    ...orders.flatMap((order) => orderChecks(order)),
    [sumOf(orders.map(({ total }) => total)) === paid, `The orders do not sum to the ${paid} that were paid`],
    [frames >= framesMin, `Only ${frames} live frames came, not ${framesMin}`],
    [ledgerSum === 0, `The ledger sums to ${ledgerSum}, not to 0`],
    ...stock.map(
      ({ title, bought, before, after }) =>
        [before - after === bought, `${title}: ${bought} bought, but the stock went from ${before} to ${after}`] as const,
    ),
  ]
  return checks.filter(([holds]) => !holds).map(([, sentence]) => sentence)
}

function orderChecks({
  id,
  state,
  delivered,
  events,
  held,
  earned,
  charged,
  items,
}: OrderSummary): (readonly [boolean, string])[] {
  const seen = events.join(' ')
  return [
    [state === 'COMPLETED', `Order ${id} is ${state}, not COMPLETED`],
    [delivered, `The parcel of order ${id} has not arrived`],
    [seen === orderEvents, `The buyer saw of order ${id}: ${seen}; not: ${orderEvents}`],
    [held === 0, `${held} are still held for order ${id}`],
    [
      earned > 0 && earned + charged === items,
      `The shop of order ${id} earned ${earned} and was charged ${charged}, which is not the ${items} of its goods`,
    ],
  ]
}

const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0)
