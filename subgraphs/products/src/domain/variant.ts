import type { Texts } from '@pasar/shared/locale'
import { minorUnits, type Minor } from '@pasar/shared/money'
import { BadInput } from '@pasar/shared/problems'
import { bounds } from './bounds.ts'
import { optionally, parseText, parseWhole, said } from './input.ts'

/** What a seller says of a variant. */
export interface VariantFields {
  readonly sku: string
  readonly name: string
  readonly price: Minor
  readonly weightGrams: number
  readonly lengthMm: number
  readonly widthMm: number
  readonly heightMm: number
}

/** What a client sends of a variant. */
export type RawVariant = Omit<VariantFields, 'price'> & { readonly price: bigint }

/** A new variant. */
export const parseVariant = (raw: RawVariant): VariantFields => ({
  sku: parseSku(raw.sku),
  name: parseText(raw.name, 'name'),
  price: parsePrice(raw.price),
  weightGrams: parseWeight(raw.weightGrams),
  lengthMm: parseSide(raw.lengthMm, 'lengthMm'),
  widthMm: parseSide(raw.widthMm, 'widthMm'),
  heightMm: parseSide(raw.heightMm, 'heightMm'),
})

/** What a client sends to change a variant. */
export type RawVariantChanges = { readonly [K in keyof RawVariant]?: RawVariant[K] | null } & { readonly active?: boolean | null }

/** The changes of a variant that were said. */
export const parseVariantChanges = (raw: RawVariantChanges) =>
  said({
    sku: optionally(raw.sku, parseSku),
    name: optionally(raw.name, (name) => parseText(name, 'name')),
    price: optionally(raw.price, parsePrice),
    weightGrams: optionally(raw.weightGrams, parseWeight),
    lengthMm: optionally(raw.lengthMm, (side) => parseSide(side, 'lengthMm')),
    widthMm: optionally(raw.widthMm, (side) => parseSide(side, 'widthMm')),
    heightMm: optionally(raw.heightMm, (side) => parseSide(side, 'heightMm')),
    active: raw.active ?? undefined,
  })

function parseSku(raw: string): string {
  const sku = parseText(raw, 'sku', { max: bounds.skuCharactersMax })
  if (/\s{2,}|[\p{Cc}]/u.test(sku)) {
    throw new BadInput('sku', {
      id: 'kode tanpa karakter kendali atau spasi beruntun',
      en: 'a code without control characters or runs of blanks',
    })
  }
  return sku
}

const possiblePrice: Texts = {
  id: `rupiah bulat dari 1 sampai ${bounds.priceMax}`,
  en: `a whole number of rupiah from 1 to ${bounds.priceMax}`,
}

/** The price of one unit. */
export function parsePrice(raw: bigint): Minor {
  if (raw < 1n || raw > bounds.priceMax) throw new BadInput('price', possiblePrice)
  return minorUnits(raw, 'price')
}

const parseWeight = (raw: number): number => parseWhole(raw, 'weightGrams', [1, bounds.weightGramsMax])

const parseSide = (raw: number, field: string): number => parseWhole(raw, field, [1, bounds.sideMmMax])
