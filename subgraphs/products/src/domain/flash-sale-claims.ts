/** Units that a checkout takes of a flash sale with a limit. */
export interface Claim {
  readonly flashSaleId: string
  readonly variantId: string
  readonly quantity: number
  /** Absent where whoever reserves did not say it: such a sale has nothing for nobody. */
  readonly buyerId: string | null
  /** The checkout had them before, and was paid after they had gone back: it may have them after the sale, too. */
  readonly again: boolean
}

/** A flash sale with a limit, while nobody else can take of it. */
export interface LimitedSale {
  readonly id: string
  readonly isRunning: boolean
  /** Whether it is known who has bought. */
  readonly knowsBuyers: boolean
  readonly units: number | null
  readonly unitsPerBuyer: number | null
  readonly taken: number
}

/** What one buyer holds or has bought of a flash sale. */
export interface Bought {
  readonly flashSaleId: string
  readonly buyerId: string
  readonly quantity: number
}

/** How many units a variant's flash sale has left for a buyer. */
export interface Left {
  readonly variantId: string
  readonly available: number
}

const keyOf = ({ flashSaleId, buyerId }: Pick<Claim, 'flashSaleId' | 'buyerId'>) => `${flashSaleId} ${buyerId}`

/** Counts what checkouts take of flash sales, one after the other, as far as these have it. */
export function openTally(sales: readonly LimitedSale[], bought: readonly Bought[]) {
  const byId = new Map(sales.map((sale) => [sale.id, sale]))
  const taken = new Map(sales.map((sale) => [sale.id, sale.taken]))
  const ofBuyer = new Map(bought.map((one) => [keyOf(one), one.quantity]))
  const isOpen = ({ flashSaleId, again }: Claim) => {
    const { isRunning, knowsBuyers } = byId.get(flashSaleId)!
    return isRunning || (again && knowsBuyers)
  }
  const leftFor = (claim: Claim): number => {
    const { id, units, unitsPerBuyer } = byId.get(claim.flashSaleId)!
    if (!isOpen(claim) || (unitsPerBuyer !== null && claim.buyerId === null)) return 0
    const left = (units ?? Infinity) - taken.get(id)!
    return Math.max(0, Math.min(left, (unitsPerBuyer ?? Infinity) - (ofBuyer.get(keyOf(claim)) ?? 0)))
  }
  const lacking = (claims: readonly Claim[]): readonly Left[] =>
    claims
      .map((claim) => ({ claim, available: leftFor(claim) }))
      .filter(({ claim, available }) => available < claim.quantity)
      .map(({ claim: { variantId }, available }) => ({ variantId, available }))
  const take = (claims: readonly Claim[]): boolean => {
    if (lacking(claims).length > 0) return false
    for (const claim of claims) {
      taken.set(claim.flashSaleId, taken.get(claim.flashSaleId)! + claim.quantity)
      ofBuyer.set(keyOf(claim), (ofBuyer.get(keyOf(claim)) ?? 0) + claim.quantity)
    }
    return true
  }
  return { isOpen, lacking, take }
}
