import { wholeNumber } from '@pasar/shared/expectations'
import { limits } from '@pasar/shared/limits'
import { minorUnits, sum, times, type Minor } from '@pasar/shared/money'
import { parcelOf, type Parcel } from '@pasar/shared/parcel'
import { BadInput } from '@pasar/shared/problems'

/** How long a guest cart waits for its guest after each change: a month of thinking it over. */
export const guestCartDays = 30

/** How long one waits that nobody has put anything into: anyone can make them, so they must not pile up. */
export const untouchedCartDays = 1

/** What products last told about a variant. */
export interface Listing {
  readonly variantId: string
  readonly productId: string
  readonly shopId: string
  readonly title: string
  readonly variantName: string
  readonly imageUrl: string | null
  readonly price: Minor
  readonly available: number
  readonly active: boolean
  readonly weightGrams: number
  readonly lengthMm: number
  readonly widthMm: number
  readonly heightMm: number
  readonly originRegencyCode: string
}

/** A line of a cart together with the present listing of its variant. */
export interface Line extends Listing {
  readonly id: string
  readonly cartId: string
  readonly groupId: string
  readonly quantity: number
  readonly selected: boolean
  readonly seenPrice: Minor
  readonly seenAvailable: number
  readonly seenActive: boolean
}

/** Whether a line can be bought now. */
export type Availability = 'AVAILABLE' | 'ONLY_SOME' | 'OUT_OF_STOCK' | 'NO_LONGER_SOLD'

/** Something that changed since the buyer last acknowledged the cart. */
export type Notice =
  | { readonly kind: 'PRICE_CHANGED'; readonly from: Minor; readonly to: Minor }
  | { readonly kind: 'ONLY_N_LEFT'; readonly available: number }
  | { readonly kind: 'OUT_OF_STOCK' }
  | { readonly kind: 'NO_LONGER_SOLD' }
  | { readonly kind: 'AVAILABLE_AGAIN' }

interface Stock {
  readonly active: boolean
  readonly available: number
}

const availability = ({ active, available }: Stock, quantity: number): Availability => {
  if (!active) return 'NO_LONGER_SOLD'
  if (available <= 0) return 'OUT_OF_STOCK'
  return available < quantity ? 'ONLY_SOME' : 'AVAILABLE'
}

export const availabilityOf = (line: Line): Availability => availability(line, line.quantity)

const seenAvailabilityOf = ({ seenActive: active, seenAvailable: available, quantity }: Line): Availability =>
  availability({ active, available }, quantity)

/** What one unit adds to the total that the buyer was last shown: nothing where the line could not be bought then. */
export const seenUnitPrice = (line: Line): Minor => (seenAvailabilityOf(line) === 'AVAILABLE' ? line.seenPrice : minorUnits(0))

/** A line of which the buyer now wants so many units, and has been told that they are there. */
export const withQuantity = <L extends Line>(line: L, quantity: number): L => ({
  ...line,
  quantity,
  seenAvailable: line.available,
  seenActive: line.active,
})

export const countsToTotal = (line: Line): boolean => line.selected && availabilityOf(line) === 'AVAILABLE'

/** What the buyer has to be told: only what is different from what they saw, so that a notice once acknowledged stays away. */
export function noticesOf(line: Line): readonly Notice[] {
  const now = availabilityOf(line)
  if (now === 'NO_LONGER_SOLD') return line.seenActive ? [{ kind: now }] : []
  const price: Notice[] = line.price === line.seenPrice ? [] : [{ kind: 'PRICE_CHANGED', from: line.seenPrice, to: line.price }]
  return [...price, ...stockNotice(line, now)]
}

function stockNotice(line: Line, now: Exclude<Availability, 'NO_LONGER_SOLD'>): Notice[] {
  const seen = seenAvailabilityOf(line)
  if (now === 'AVAILABLE') return seen === now ? [] : [{ kind: 'AVAILABLE_AGAIN' }]
  if (now === 'OUT_OF_STOCK') return seen === now ? [] : [{ kind: now }]
  return seen === now && line.seenAvailable === line.available ? [] : [{ kind: 'ONLY_N_LEFT', available: line.available }]
}

export const lineTotal = (line: Line): Minor => times(line.price, line.quantity)

export const itemsTotal = (lines: readonly Line[]): Minor => sum(lines.filter(countsToTotal).map(lineTotal))

export const selectedQuantity = (lines: readonly Line[]): number =>
  lines.filter(countsToTotal).reduce((total, { quantity }) => total + quantity, 0)

/** What a shop would send now. */
export const parcelToSend = (lines: readonly Line[]): Parcel => parcelOf(lines.filter(countsToTotal))

/** Where a checkout has found that the parcel of a shop leaves from, and for which lines. */
export interface FoundOrigin {
  readonly foundOrigin: string | null
  readonly foundFor: string | null
}

/** Of a group that no checkout has looked at. */
export const unfound: FoundOrigin = { foundOrigin: null, foundFor: null }

/** What is to be sent, as a word that is the same as long as nothing of it changes. */
export const wordFor = (lines: readonly Pick<Line, 'variantId' | 'quantity'>[]): string =>
  lines
    .map(({ variantId, quantity }) => `${variantId} ${quantity}`)
    .toSorted()
    .join(', ')

/** The parcel leaves from where a checkout of the same lines has found; else from where its first line lies: the selected ones decide, else any. */
export function originRegencyCode(lines: readonly Line[], { foundOrigin, foundFor }: FoundOrigin = unfound): string | null {
  if (foundFor !== null && foundFor === wordFor(lines.filter(({ selected }) => selected))) return foundOrigin
  return (lines.find(countsToTotal) ?? lines[0])?.originRegencyCode ?? null
}

/** Items and shipping; undefined while a shop that sends something has no cost yet. */
export function cartTotal(lines: readonly Line[], shippingCosts: readonly (bigint | null)[]): Minor | undefined {
  const parcels = new Set(lines.filter(countsToTotal).map(({ shopId }) => shopId)).size
  const known = shippingCosts.filter((cost) => cost !== null)
  return parcels > 0 && known.length === parcels ? sum([itemsTotal(lines), ...known]) : undefined
}

export function parseQuantity(quantity: number): number {
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > limits.cartQuantityMax)
    throw new BadInput('quantity', wholeNumber(1, limits.cartQuantityMax))
  return quantity
}

/** The form of a courier service's code; whether it goes there is for logistics to say. */
export function parseCourierServiceId(raw: string): string {
  if (!/^[a-z0-9]{2,20}_[a-z0-9_]{2,30}$/.test(raw))
    throw new BadInput('courierServiceId', { id: 'kode, misalnya jne_reg', en: 'a code such as jne_reg' })
  return raw
}
