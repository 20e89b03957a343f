import { derivedId, type Id } from '@pasar/shared/ids'

/** How large the market is. */
export const size = { owners: 5, shopsPerOwner: 8, products: 2_000, variants: 2, reviewsPerProduct: 3, categories: 12 } as const

/** Words that titles are made of; the text search asks for them. */
export const words = {
  goods: ['Kopi', 'Batik', 'Sambal', 'Keripik', 'Tas', 'Kain', 'Wajan', 'Jamu', 'Sabun', 'Teh', 'Madu', 'Sarung', 'Tikar'],
  kinds: ['Arabika', 'Tulis', 'Roa', 'Pisang', 'Anyaman', 'Tenun', 'Besi', 'Kunyit', 'Sereh', 'Melati', 'Hutan', 'Pandan'],
  places: ['Gayo', 'Laweyan', 'Manado', 'Lampung', 'Bali', 'Sumba', 'Ciwidey', 'Toraja', 'Lasem', 'Madura', 'Flores'],
} as const

/** Id of a shop; shop n sells each fortieth product from n on. */
export const shopId = (index: number): Id<'shop'> => derivedId('shop', 'bench', `${index}`)
/** Id of an owner; owner n has each fifth shop from n on. */
export const ownerId = (index: number): Id<'account'> => derivedId('account', 'bench', `${index}`)

/** Somebody who buys, and an address in Jakarta. */
export const buyer = { id: derivedId('account', 'bench', 'buyer'), addressId: derivedId('address', 'bench', 'buyer') } as const

/** Id of a product. */
export const productId = (index: number): string => derivedId('product', 'bench', `${index}`)

/** Id of a category. */
export const categoryId = (index: number): string => derivedId('category', 'bench', `${index}`)
