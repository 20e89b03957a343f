/** The first accounts and products are what the heavy operation reads; the rest is what the light one reads, so that neither changes the other's size. The last ones are the storefront's. */
const popular = { users: 6, products: 9 }
const lightUsers = 54
const lightProducts = 27
const reviewsPerLightUser = 4
const shoppers = 120
const reviewsPerShopper = 6
/** The storefront's products, as many as its reviews give three each. */
const shelf = { pages: 20, perPage: 12 }
const beforeShelf = popular.products + lightProducts
const beforeShoppers = popular.users + lightUsers

/** An account. */
export interface User {
  readonly id: string
  readonly name: string
  readonly username: string
  readonly birthday: number
}

/** A product with what all subgraphs know of it. */
export interface Product {
  readonly upc: string
  readonly name: string
  readonly price: number
  readonly weight: number
  readonly inStock: boolean
}

/** A review. */
export interface Review {
  readonly id: string
  readonly body: string
  readonly authorId: string
  readonly upc: string
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)
const pick = <T>(from: readonly T[], index: number): T => from[index % from.length]!

const givenNames = ['Ayu', 'Bagus', 'Citra', 'Dewi', 'Eko', 'Fitri', 'Galih', 'Hana', 'Indra']
const familyNames = ['Santoso', 'Wijaya', 'Lestari', 'Pratama', 'Siregar', 'Nasution', 'Halim']
const goods = [
  'Kopi Gayo',
  'Batik Tulis',
  'Sambal Roa',
  'Tas Anyaman',
  'Jamu Kunyit',
  'Kain Tenun',
  'Wajan Besi',
  'Keripik Pisang',
]
const sentences = [
  'Barang sampai dalam dua hari, dibungkus rapi dan tidak ada yang rusak sama sekali.',
  'Warnanya sama seperti di gambar, dan bahannya lebih tebal daripada yang saya kira.',
  'Penjual menjawab pertanyaan dengan cepat dan ramah, pasti akan membeli lagi di sini.',
  'Sudah tiga kali membeli untuk keluarga di kampung dan semuanya selalu merasa puas.',
  'Harganya pantas untuk mutu seperti ini, walaupun ongkos kirimnya agak mahal.',
]

export const users: readonly User[] = range(beforeShoppers + shoppers).map((index) => ({
  id: `${index + 1}`,
  name: `${pick(givenNames, index)} ${pick(familyNames, index * 3)}`,
  username: `${pick(givenNames, index).toLowerCase()}${index + 1}`,
  birthday: 500_000_000 + index * 7_654_321,
}))

export const products: readonly Product[] = range(beforeShelf + shelf.pages * shelf.perPage).map((index) => ({
  upc: `${index + 1}`,
  name: `${pick(goods, index)} ${250 + index * 50} g`,
  price: 45 + ((index * 397) % 1800),
  weight: 100 + ((index * 271) % 2400),
  inStock: index % 3 !== 1,
}))

const bodyOf = (index: number) => [0, 2, 1, 3].map((step) => pick(sentences, index + step)).join(' ')

/** Who of the first accounts reviewed what of the first products. */
const popularReviews: readonly (readonly [user: number, product: number])[] = [
  [1, 1],
  [1, 2],
  [1, 3],
  [1, 4],
  [1, 5],
  [2, 1],
  [2, 2],
  [2, 3],
  [2, 4],
  [3, 1],
]

const lightReviews = range(lightUsers * reviewsPerLightUser).map((index): readonly [number, number] => [
  popular.users + 1 + Math.floor(index / reviewsPerLightUser),
  popular.products + 1 + ((index * 5) % lightProducts),
])

const shopperReviews = range(shoppers * reviewsPerShopper).map((index): readonly [number, number] => [
  beforeShoppers + 1 + Math.floor(index / reviewsPerShopper),
  beforeShelf + 1 + ((index * 7) % (shelf.pages * shelf.perPage)),
])

export const reviews: readonly Review[] = [...popularReviews, ...lightReviews, ...shopperReviews].map(
  ([user, product], index) => ({
    id: `${index + 1}`,
    body: bodyOf(index),
    authorId: `${user}`,
    upc: `${product}`,
  }),
)

/** Ids of the accounts that the light operation asks for. */
export const lightUserIds: readonly string[] = users.slice(popular.users, beforeShoppers).map(({ id }) => id)

/** Pages of the storefront's shelf, the products on them, and who reviewed these. */
export const storefront = {
  pages: range(shelf.pages),
  upcs: products.slice(beforeShelf).map(({ upc }) => upc),
  userIds: users.slice(beforeShoppers).map(({ id }) => id),
} as const

/** What stands on one page of the shelf. */
export const shelfPage = (page: number): readonly Product[] =>
  products.slice(beforeShelf + page * shelf.perPage, beforeShelf + (page + 1) * shelf.perPage)

const dearPrice = 1000

/** What sending one costs. */
export const shippingEstimateOf = ({ price, weight }: { readonly price: number; readonly weight: number }): number =>
  price > dearPrice ? 0 : Math.floor(weight / 2)
