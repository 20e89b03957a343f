/** A flash sale of a thing as it ought to be. Pure. */
export interface ModelSale extends SaleLimits {
  readonly good: number
  /** What the thing costs before and after. */
  readonly regularPrice: number
  readonly endsAt: number
  state: 'RUNNING' | 'ENDED' | 'CANCELLED'
}

/** How many are sold at its price, and how many of them to one buyer; Infinity without such a limit. */
export interface SaleLimits {
  readonly units: number
  readonly unitsPerBuyer: number
}

/** Checkouts that may have bought at its price. */
type Checkouts = readonly {
  readonly state: string
  readonly orders: readonly { readonly units: number; readonly sale: ModelSale | undefined }[]
}[]

const unitsIn = (checkouts: Checkouts, sale: ModelSale, states: readonly string[]): number =>
  checkouts
    .filter(({ state }) => states.includes(state))
    .flatMap(({ orders }) => orders)
    .reduce((sum, order) => sum + (order.sale === sale ? order.units : 0), 0)

/** Units that checkouts hold or have bought: what is not paid comes back, what was paid counts whatever becomes of its order. */
export const takenOf = (checkouts: Checkouts, sale: ModelSale): number => unitsIn(checkouts, sale, ['AWAITING_PAYMENT', 'PAID'])

export const soldOf = (checkouts: Checkouts, sale: ModelSale): number => unitsIn(checkouts, sale, ['PAID'])

/** What there is for the one buyer. */
export const leftOf = (checkouts: Checkouts, sale: ModelSale): number =>
  Math.min(sale.units, sale.unitsPerBuyer) - takenOf(checkouts, sale)

const buyersKeptMs = 30 * 24 * 3_600_000

/** Whether it is known who has bought: as long as that, who had units in time and pays late may have them. */
export const knowsBuyers = ({ endsAt }: ModelSale, now: number): boolean => endsAt > now - buyersKeptMs
