import { createHash } from 'node:crypto'
import { beginningOf } from '@pasar/shared/bounded-text'
import { districtsOf, type Regency } from '@pasar/shared/regions'

/** Everything that the file lacks, made from what it has: the same row always gets the same. docs/import.md lists it for people. */

/** Weight in grams, and length, width and height in millimetres, of a parcel. */
export type Measures = readonly [weightGrams: number, lengthMm: number, widthMm: number, heightMm: number]

const usualMeasures: Measures = [500, 250, 200, 100]

/** By words in the name of the category, so that other files' categories find something too; the first that fits counts. */
const measuresByWord: readonly (readonly [word: RegExp, measures: Measures])[] = [
  [/laptop|komputer|computer/, [800, 300, 220, 80]],
  [/phone|tablet|ponsel|handphone|hp\b/, [350, 200, 120, 60]],
  [/elec|elek/, [700, 250, 200, 120]],
  [/beauty|body|health|kecantikan|kesehatan|perawatan/, [250, 150, 100, 80]],
  [/kid|baby|bayi|anak/, [250, 250, 200, 40]],
  [/fashion|fesyen|pakaian|busana/, [350, 300, 250, 50]],
  [/animal|hewan|pet/, [1_000, 300, 200, 150]],
  [/carpent|pertukangan|tool|perkakas/, [900, 300, 150, 100]],
  [/household|rumah|dapur|kitchen/, [900, 300, 250, 200]],
  [/sport|olahraga/, [700, 300, 250, 150]],
  [/office|station|kantor|tulis/, [400, 300, 220, 50]],
  [/toy|hobb|mainan|hobi/, [500, 250, 200, 120]],
  [/party|craft|pesta|kerajinan/, [300, 250, 200, 80]],
  [/movie|music|book|film|musik|buku/, [300, 220, 160, 40]],
  [/tour|travel|property|properti|wisata/, [100, 240, 170, 10]],
]

/** What a parcel of something in this category weighs and measures. */
export const measuresOf = (category: string): Measures =>
  measuresByWord.find(([word]) => word.test(category.toLowerCase()))?.[1] ?? usualMeasures

/** A whole number below `end` that this identity always gets. */
export const drawn = (end: number, ...identity: readonly string[]): number =>
  createHash('sha256').update(JSON.stringify(identity)).digest().readUIntBE(0, 6) % end

/** Units in stock: 20 to 200. */
export const stockOf = (productId: string): number => 20 + drawn(181, 'stock', productId)

const dayMs = 24 * 60 * 60 * 1000
const dayOf = (year: number, day: number) => new Date(Date.UTC(year, 0, 1) + day * dayMs)

/** When the product was listed: a day of 2020, so before each of its reviews. */
export const listedAt = (productId: string): Date => dayOf(2020, drawn(366, 'listed', productId))

/** When the review was written: a moment of 2021. */
export const reviewedAt = (reviewId: string): Date =>
  new Date(dayOf(2021, drawn(365, 'reviewed', reviewId)).getTime() + drawn(dayMs, 'moment', reviewId))

/** The author of a review. */
export const authorOf = (reviewId: string): string => `Pembeli ${1_000 + drawn(9_000, 'author', reviewId)}`

/** The end of an id, which no two ids share. */
const tail = (id: string, length: number) => id.slice(-length)

/** A code for labels. */
export const skuOf = (productId: string): string => `IMP-${tail(productId, 12).toUpperCase()}`

const shopNameMax = 100

/** The name of a shop: what it sells and where. */
export const shopNameOf = (category: string, { name }: Regency): string =>
  beginningOf(`${category} ${name.replace(/^(?:Kota|Kabupaten) Administrasi /, '')}`, shopNameMax).trim()

const slugWordsMax = 40

/** The shop's word in links. */
export function slugOf(shopName: string, shopId: string): string {
  const words = shopName
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, slugWordsMax)
    .replaceAll(/^-+|-+$/g, '')
  return [words, tail(shopId, 8)].filter(Boolean).join('-')
}

/** The address of a shop's owner. */
export const ownerEmailOf = (slug: string): string => `${slug}@penjual.pasar.example`

/** Where the shop ships from: the first district of the place; street, phone and postal code say that nobody knows them yet. */
export const warehouseOf = ({ code }: Regency) => ({
  name: 'Gudang',
  phone: '+628000000000',
  street: 'Alamat belum diisi penjual',
  districtCode: firstDistrictOf(code),
  regencyCode: code,
  postalCode: '10000',
})

const firstDistrictOf = (regencyCode: string): string =>
  districtsOf(regencyCode)
    .map(({ code }) => code)
    .toSorted()[0] ?? `${regencyCode}.01`
