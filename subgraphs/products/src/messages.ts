import type { Texts } from '@pasar/shared/locale'
import type { Messages } from '@pasar/shared/messages'
import { bounds } from './domain/bounds.ts'

const noBundle: Texts = {
  id: 'Paket tidak bisa dibuat dari varian-varian ini.',
  en: 'These variants cannot make a bundle.',
}

/** Why variants make no bundle, where there is more to say than that. */
const noBundleBecause: Readonly<Record<string, Texts>> = {
  IN_MANY_BUNDLES: {
    id: `Satu varian paling banyak menjadi isi ${bounds.bundlesOfComponentMax} paket.`,
    en: `A variant can be part of at most ${bounds.bundlesOfComponentMax} bundles.`,
  },
  NEVER_ON_SALE: {
    id: 'Paket ini sudah pernah dijual; isinya harus pernah dijual juga.',
    en: 'This bundle was on sale already; what it is made of must have been on sale, too.',
  },
}

/** What people read when something expected goes wrong. */
export const messages: Messages = {
  CategoryNotFound: { id: 'Kategori ini tidak ada.', en: 'There is no such category.' },
  CategoryExists: {
    id: 'Sudah ada kategori dengan nama ini di tempat yang sama.',
    en: 'A category of this name is already there.',
  },
  CategoryTooDeep: {
    id: ({ most }) => `Kategori paling banyak ${String(most)} tingkat.`,
    en: ({ most }) => `Categories can be at most ${String(most)} levels deep.`,
  },
  ShopNotYours: { id: 'Toko ini tidak ada atau bukan milik Anda.', en: 'There is no such shop, or it is not yours.' },
  TooManyWarehouses: {
    id: ({ most }) => `Satu toko paling banyak punya ${String(most)} gudang.`,
    en: ({ most }) => `A shop can have at most ${String(most)} warehouses.`,
  },
  WarehouseNotFound: { id: 'Gudang ini tidak ada di toko Anda.', en: 'There is no such warehouse in your shop.' },
  ProductNotFound: { id: 'Produk ini tidak ditemukan.', en: 'This product was not found.' },
  ProductTakenDown: {
    id: 'Pasar menurunkan produk ini. Setelah masalahnya diperbaiki, hanya petugas yang bisa memulihkannya.',
    en: 'The market has taken this product down. Once what is wrong is mended, only staff can restore it.',
  },
  VariantNotFound: { id: 'Varian ini tidak ada di toko Anda.', en: 'There is no such variant in your shops.' },
  SkuTaken: {
    id: ({ sku }) => `SKU ${String(sku)} sudah dipakai di toko ini.`,
    en: ({ sku }) => `The SKU ${String(sku)} is already used in this shop.`,
  },
  OptionsMismatch: {
    id: 'Varian punya tepat satu nilai dari setiap pilihan produknya, dan namanya dibuat dari nilai-nilai itu; tanpa pilihan, varian punya nama sendiri.',
    en: 'A variant has exactly one value of each option of its product, and its name is made of them; without options it has a name of its own.',
  },
  OptionsTaken: {
    id: ({ values }) => `Varian lain dari produk ini sudah ${(values as readonly string[]).join(', ')}.`,
    en: ({ values }) => `Another variant of this product is ${(values as readonly string[]).join(', ')} already.`,
  },
  IllegalProductMove: {
    id: 'Produk tidak bisa dipindahkan ke status itu dari statusnya sekarang.',
    en: 'The product cannot go to that state from where it is now.',
  },
  ProductIncomplete: {
    id: 'Produk yang dijual harus lengkap. Lengkapi dulu bagian yang kurang.',
    en: 'A product on sale must be complete. Fill in what is missing first.',
  },
  StaleVariant: {
    id: 'Varian sudah berubah. Muat ulang lalu coba lagi.',
    en: 'The variant changed in the meantime. Load it again and try once more.',
  },
  StaleProduct: {
    id: 'Produk sudah berubah. Muat ulang lalu coba lagi.',
    en: 'The product changed in the meantime. Load it again and try once more.',
  },
  StaleReview: {
    id: 'Jawaban ulasan ini sudah berubah. Muat ulang lalu coba lagi.',
    en: 'What is answered to this review changed in the meantime. Load it again and try once more.',
  },
  TooManyVariants: {
    id: ({ most }) => `Satu produk paling banyak punya ${String(most)} varian.`,
    en: ({ most }) => `A product can have at most ${String(most)} variants.`,
  },
  TooManyByUnits: {
    id: ({ most }) => `Satu toko paling banyak punya ${String(most)} varian yang stoknya diambil per unit.`,
    en: ({ most }) => `A shop can have at most ${String(most)} variants whose stock is taken by units.`,
  },
  StockTooLow: {
    id: ({ onHand, reserved }) =>
      `Stok ${String(onHand)}, dan ${String(reserved)} di antaranya sedang dipesan; stok tidak bisa kurang dari itu.`,
    en: ({ onHand, reserved }) =>
      `There are ${String(onHand)} units and checkouts hold ${String(reserved)} of them; stock cannot fall below that.`,
  },
  VariantIsBundle: {
    id: 'Varian ini paket; stoknya adalah stok isinya.',
    en: 'This variant is a bundle; its stock is that of what it is made of.',
  },
  BundleImpossible: {
    id: ({ reason }) => (noBundleBecause[String(reason)] ?? noBundle).id,
    en: ({ reason }) => (noBundleBecause[String(reason)] ?? noBundle).en,
  },
  FlashSaleNotFound: { id: 'Flash sale ini tidak ada di toko Anda.', en: 'There is no such flash sale in your shops.' },
  FlashSaleOverlaps: {
    id: 'Sudah ada flash sale varian ini pada waktu itu.',
    en: 'There is a flash sale of this variant at that time already.',
  },
  FlashSaleNotCheaper: {
    id: 'Harga flash sale harus lebih murah dari harga biasa.',
    en: 'The price of a flash sale must be lower than the regular price.',
  },
  FlashSaleRunning: {
    id: 'Flash sale varian ini sedang berlangsung; harga bisa diubah setelahnya.',
    en: 'A flash sale of this variant is running; its price can be changed afterwards.',
  },
  FlashSaleEnded: { id: 'Flash sale ini sudah selesai.', en: 'This flash sale is over.' },
  TooManyFlashSales: {
    id: ({ most }) => `Paling banyak ${String(most)} flash sale per varian yang belum selesai.`,
    en: ({ most }) => `A variant can have at most ${String(most)} flash sales that are not over.`,
  },
  NotPurchased: {
    id: 'Ulasan hanya bisa ditulis untuk barang dari pesanan Anda yang sudah selesai.',
    en: 'Only things from your own completed orders can be reviewed.',
  },
  ReviewNotFound: { id: 'Ulasan ini tidak ditemukan.', en: 'This review was not found.' },
  ReviewNotAnswered: { id: 'Ulasan ini belum dibalas oleh toko.', en: 'The shop has not answered this review.' },
  AnswerTakenDown: {
    id: 'Pasar menurunkan balasan ini. Hanya petugas yang bisa memulihkannya.',
    en: 'The market has taken this answer down. Only staff can restore it.',
  },
  TooManyReports: {
    id: ({ most }) => `Satu akun paling banyak membuat ${String(most)} laporan dalam 24 jam.`,
    en: ({ most }) => `An account can make at most ${String(most)} reports within 24 hours.`,
  },
  AlreadyReviewed: { id: 'Anda sudah mengulas pembelian ini.', en: 'You have already reviewed this purchase.' },
}
