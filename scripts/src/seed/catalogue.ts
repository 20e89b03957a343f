/** A category of the demo market; names are Indonesian and English. */
export interface SeedCategory {
  readonly key: string
  readonly name: string
  readonly englishName: string
  readonly parent?: string
}

/** Parents come before their children. */
export const seedCategories: readonly SeedCategory[] = [
  { key: 'makanan', name: 'Makanan & Minuman', englishName: 'Food & Drink' },
  { key: 'kopi', name: 'Kopi & Teh', englishName: 'Coffee & Tea', parent: 'makanan' },
  { key: 'camilan', name: 'Camilan', englishName: 'Snacks', parent: 'makanan' },
  { key: 'sambal', name: 'Bumbu & Sambal', englishName: 'Spices & Sambal', parent: 'makanan' },
  { key: 'fesyen', name: 'Fesyen', englishName: 'Fashion' },
  { key: 'batik', name: 'Batik', englishName: 'Batik', parent: 'fesyen' },
  { key: 'tenun', name: 'Tenun & Aksesori', englishName: 'Woven Cloth & Accessories', parent: 'fesyen' },
  { key: 'rumah', name: 'Rumah Tangga', englishName: 'Home & Living' },
  { key: 'dapur', name: 'Peralatan Dapur', englishName: 'Kitchenware', parent: 'rumah' },
  { key: 'anyaman', name: 'Anyaman & Dekorasi', englishName: 'Wickerwork & Decoration', parent: 'rumah' },
  { key: 'jamu', name: 'Jamu & Perawatan Tubuh', englishName: 'Herbal & Body Care' },
]

/** Categories that products are in: each has its picture in router/src/pictures. */
export type SeedMotif = 'kopi' | 'camilan' | 'sambal' | 'batik' | 'tenun' | 'dapur' | 'anyaman' | 'jamu'

/** What each picture shows, for those who cannot see it. */
export const motifTexts: Readonly<Record<SeedMotif, string>> = {
  kopi: 'Gambar secangkir kopi yang mengepul',
  camilan: 'Gambar semangkuk keripik',
  sambal: 'Gambar cobek dengan cabai merah',
  batik: 'Gambar kain batik bermotif kawung',
  tenun: 'Gambar kain tenun bergaris',
  dapur: 'Gambar wajan dengan sutil',
  anyaman: 'Gambar keranjang anyaman',
  jamu: 'Gambar botol jamu dengan daun',
}

/** Name, price in rupiah, units in stock, and the weight in grams where it is not the product's. */
export type SeedVariant = readonly [name: string, price: number, stock: number, weightGrams?: number]

/** Something to choose between variants, and the values in the order of the page. */
export type SeedOption = readonly [name: string, values: readonly string[]]

/** Stars, text, and who wrote it. */
export type SeedReview = readonly [rating: 1 | 2 | 3 | 4 | 5, text: string, author: string]

/** A product of the demo market. */
export interface SeedProduct {
  /** Never changes: the product's ids and codes come from it. */
  readonly key: string
  readonly title: string
  readonly motif: SeedMotif
  readonly description: string
  readonly weightGrams: number
  /** Length, width and height of its parcel in millimetres. */
  readonly size: readonly [number, number, number]
  readonly sold: number
  /** What there is to choose: its variants are called by their values, as in `200 g, Biji`. */
  readonly options?: readonly SeedOption[]
  readonly variants: readonly SeedVariant[]
  readonly reviews?: readonly SeedReview[]
}

/** A shop of the demo market, with the place that it ships from. */
export interface SeedShop {
  readonly slug: string
  readonly owner: 'seller' | 'secondSeller'
  readonly name: string
  readonly description: string
  readonly contactName: string
  readonly phone: string
  readonly street: string
  readonly districtCode: string
  readonly postalCode: string
  readonly products: readonly SeedProduct[]
}
