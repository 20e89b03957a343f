import { characters, nothingWhere } from '@pasar/shared/expectations'
import { limits } from '@pasar/shared/limits'
import type { Texts } from '@pasar/shared/locale'
import { minorUnits, type Minor } from '@pasar/shared/money'
import { parsePictures, type Picture } from '@pasar/shared/pictures'
import { BadInput } from '@pasar/shared/problems'
import { bounds } from './bounds.ts'
import { optionally, parseText, parseWhole, said } from './input.ts'
import { choiceOf, nameOfChoice, parseSelected, type ProductOption, type SelectedOption } from './options.ts'

/** What a seller says of a variant's parcel. */
interface Measures {
  readonly weightGrams: number
  readonly lengthMm: number
  readonly widthMm: number
  readonly heightMm: number
}

/** A variant as its seller has described it. */
export interface VariantFields extends Measures {
  readonly sku: string
  readonly name: string
  /** Its value of each option of the product. */
  readonly choice: readonly string[]
  readonly pictureUrl: string | null
  readonly pictureText: string | null
  readonly price: Minor
}

/** The same as it is kept. */
export type KeptVariant = Omit<VariantFields, 'price'> & { readonly price: bigint }

/** What a client sends of a variant. */
export interface RawVariant extends Measures {
  readonly sku: string
  readonly name?: string | null
  readonly options: readonly SelectedOption[]
  readonly picture?: Picture | null
  readonly price: bigint
}

/** A variant of which it is not known yet whether its product has options. */
export type UnnamedVariant = Omit<VariantFields, 'name' | 'choice'> & {
  readonly name: string | undefined
  readonly selected: readonly SelectedOption[]
}

/** A new variant. */
export const parseVariant = (raw: RawVariant): UnnamedVariant => ({
  sku: parseSku(raw.sku),
  name: optionally(raw.name, parseName),
  selected: parseSelected(raw.options, 'options'),
  ...(optionally(raw.picture, parsePicture) ?? noPicture),
  price: parsePrice(raw.price),
  weightGrams: parseWeight(raw.weightGrams),
  lengthMm: parseSide(raw.lengthMm, 'lengthMm'),
  widthMm: parseSide(raw.widthMm, 'widthMm'),
  heightMm: parseSide(raw.heightMm, 'heightMm'),
})

/** What of a variant does not fit the options of its product. */
export interface Misfit {
  readonly misfit: 'name' | 'options'
}

/** A variant of a product with these options: called by its values, or by a name of its own where there are none. */
export function nameVariant(
  options: readonly ProductOption[],
  { name, selected, ...fields }: UnnamedVariant,
): VariantFields | Misfit {
  if (options.length === 0) {
    if (selected.length > 0) return { misfit: 'options' }
    return name === undefined ? { misfit: 'name' } : { ...fields, name, choice: [] }
  }
  if (name !== undefined) return { misfit: 'name' }
  const choice = choiceOf(options, selected)
  return choice ? { ...fields, name: nameOfChoice(choice), choice } : { misfit: 'options' }
}

/** What was expected of what does not fit. */
export function fitting(options: readonly ProductOption[], { misfit }: Misfit): Texts {
  const names = options.map(({ name }) => name).join(', ')
  if (misfit === 'options')
    return options.length > 0
      ? { id: `satu nilai dari setiap pilihan produk (${names})`, en: `one value of each option of the product (${names})` }
      : { id: 'kosong, karena produknya tanpa pilihan', en: 'nothing, because the product has no options' }
  return options.length > 0
    ? { id: 'kosong, karena namanya dibuat dari pilihan', en: 'nothing, because the name is made of the options' }
    : characters(1, limits.nameCharactersMax)
}

/** What a client sends to change a variant. */
export type RawVariantChanges = { readonly [K in Exclude<keyof RawVariant, 'options'>]?: RawVariant[K] | null } & {
  readonly options?: readonly SelectedOption[]
  readonly dropPicture?: boolean | null
  readonly active?: boolean | null
}

/** The changes of a variant that were said, and the values that were chosen for it. */
export const parseVariantChanges = (raw: RawVariantChanges) => ({
  selected: parseSelected(raw.options ?? [], 'options'),
  changes: said({
    sku: optionally(raw.sku, parseSku),
    name: optionally(raw.name, parseName),
    ...pictureChanges(raw),
    price: optionally(raw.price, parsePrice),
    weightGrams: optionally(raw.weightGrams, parseWeight),
    lengthMm: optionally(raw.lengthMm, (side) => parseSide(side, 'lengthMm')),
    widthMm: optionally(raw.widthMm, (side) => parseSide(side, 'widthMm')),
    heightMm: optionally(raw.heightMm, (side) => parseSide(side, 'heightMm')),
    active: raw.active ?? undefined,
  }),
})

const parseName = (raw: string): string => parseText(raw, 'name')

type OwnPicture = Pick<VariantFields, 'pictureUrl' | 'pictureText'>

const noPicture: OwnPicture = { pictureUrl: null, pictureText: null }

function parsePicture(raw: Picture): OwnPicture {
  const [{ url, altText }] = parsePictures([raw], { field: 'picture', most: 1 }) as [Picture]
  return { pictureUrl: url, pictureText: altText }
}

function pictureChanges({ picture, dropPicture }: RawVariantChanges): Partial<OwnPicture> {
  if (dropPicture !== true) return optionally(picture, parsePicture) ?? {}
  if (picture != null) throw new BadInput('picture', nothingWhere('dropPicture', 'true'))
  return noPicture
}

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
