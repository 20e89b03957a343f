import { openImportTarget, type ImportDatabases } from '@pasar/scripts/import/target'
import type { ImportBatch, ImportedProduct, ImportedReview } from '@pasar/products/domain/import'
import type { Clock } from '@pasar/shared/clock'
import { derivedId } from '@pasar/shared/ids'
import { buyer, categoryId, ownerId, productId, shopId, size, words } from './plan.ts'

const batchProducts = 200
const dayMs = 86_400_000

const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index)
const pick = <T>(from: readonly T[], index: number): T => from[index % from.length]!

const warehouseId = (shop: number) => derivedId('warehouse', 'bench', `${shop}`)
const shops = size.owners * size.shopsPerOwner

const home = {
  id: buyer.addressId,
  accountId: buyer.id,
  label: 'Rumah',
  recipient: 'Dewi Lestari',
  phone: '+6281234567890',
  street: 'Jalan Panjang 5, RT 01/RW 02',
  districtCode: '31.73.05',
  postalCode: '11530',
}

/** Fills empty databases through the commands that imports use. */
export async function seed(databases: ImportDatabases, clock: Clock): Promise<void> {
  const target = await openImportTarget(databases, clock)
  try {
    await target.people({
      accounts: [
        ...range(size.owners).map((index) => ({
          id: ownerId(index),
          email: `owner${index}@bench.example`,
          name: `Owner ${index}`,
        })),
        { id: buyer.id, email: 'buyer@bench.example', name: 'Dewi Lestari' },
      ],
      addresses: [home],
      shops: range(shops).map((index) => ({
        id: shopId(index),
        ownerId: ownerId(index % size.owners),
        slug: `bench-${index}`,
        name: `Toko ${pick(words.places, index)} ${index}`,
        description: 'Barang pilihan dari perajin setempat.',
        regencyCode: '51.71',
      })),
    })
    await target.listings(shelves())
    for (let from = 0; from < size.products; from += batchProducts) await target.listings(goods(from, clock.now()))
  } finally {
    await target.stop()
  }
}

const shelves = (): ImportBatch => ({
  categories: range(size.categories).map((index) => ({
    id: categoryId(index),
    parentId: index < 3 ? null : categoryId(index % 3),
    name: `${pick(words.goods, index)} & lain-lain`,
    englishName: `Goods ${index}`,
  })),
  warehouses: range(shops).map((index) => ({
    id: warehouseId(index),
    shopId: shopId(index),
    name: 'Gudang utama',
    contactName: 'Ni Made Sukerti',
    phone: '+6281936677889',
    street: `Jalan Hayam Wuruk No. ${index + 1}`,
    districtCode: '51.71.02',
    regencyCode: '51.71',
    postalCode: '80239',
  })),
})

function goods(from: number, now: Date): ImportBatch {
  const indexes = range(batchProducts, from)
  return {
    products: indexes.map((index) => productOf(index, new Date(now.getTime() - index * 3_600_000))),
    reviews: indexes.flatMap((index) => reviewsOf(index, now)),
  }
}

const titleOf = (index: number) =>
  `${pick(words.goods, index)} ${pick(words.kinds, Math.floor(index / 3))} ${pick(words.places, Math.floor(index / 7))} ${index}`

const productOf = (index: number, createdAt: Date): ImportedProduct => ({
  id: productId(index),
  shopId: shopId(index % shops),
  categoryId: categoryId(index % size.categories),
  title: titleOf(index),
  description: `${titleOf(index)} dibuat dengan tangan oleh perajin setempat dan dikirim dalam kemasan yang rapi. Tahan lama dan mudah dirawat.`,
  images: [{ url: '/pictures/kopi.svg', altText: 'Gambar secangkir kopi' }],
  soldCount: (index * 37) % 900,
  createdAt,
  variants: range(size.variants).map((variant) => ({
    id: derivedId('variant', 'bench', `${index}-${variant}`),
    sku: `BENCH-${index}-${variant}`,
    name: variant === 0 ? 'Kecil' : 'Besar',
    price: BigInt(15_000 + ((index * 7_919) % 400_000) + variant * 10_000),
    weightGrams: 200 + variant * 300,
    lengthMm: 200,
    widthMm: 150,
    heightMm: 100,
    stock: [{ warehouseId: warehouseId(index % shops), onHand: 5 + ((index + variant) % 40) }],
  })),
})

const reviewsOf = (index: number, now: Date): ImportedReview[] =>
  range(size.reviewsPerProduct).map((review) => ({
    id: derivedId('review', 'bench', `${index}-${review}`),
    productId: productId(index),
    rating: 3 + ((index + review) % 3),
    text: 'Barang sampai dengan cepat dan sesuai gambar.',
    authorName: 'Grace H.',
    createdAt: new Date(now.getTime() - (review + 1) * dayMs),
  }))
