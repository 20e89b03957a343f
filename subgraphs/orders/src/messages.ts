import type { Texts } from '@pasar/shared/locale'
import { formatMoney, rupiah } from '@pasar/shared/money'
import type { Messages } from '@pasar/shared/messages'
import type { CheckoutWork } from './domain/checkout.ts'
import type { VoucherRefusal } from './domain/voucher.ts'

const money = (value: unknown) => formatMoney(rupiah(value as bigint))

/** Why a voucher cannot be used, as its buyer reads it. */
const refusals: Readonly<Record<VoucherRefusal, Texts>> = {
  UNKNOWN: { id: 'Toko ini tidak punya voucher dengan kode itu.', en: 'This shop has no voucher with that code.' },
  NOT_STARTED: { id: 'Voucher ini belum berlaku.', en: 'This voucher cannot be used yet.' },
  ENDED: { id: 'Voucher ini sudah berakhir.', en: 'This voucher has ended.' },
  USED_UP: { id: 'Voucher ini sudah habis dipakai.', en: 'This voucher is used up.' },
  USED_BY_YOU: {
    id: 'Anda sudah memakai voucher ini sebanyak yang diperbolehkan.',
    en: 'You have used this voucher as often as one may.',
  },
  BELOW_MINIMUM: {
    id: 'Belanja di toko ini belum cukup untuk voucher ini.',
    en: "This shop's goods cost too little for this voucher.",
  },
  NOT_FOR_THIS_CART: { id: 'Voucher ini tidak berlaku untuk keranjang ini.', en: 'This voucher is not for this cart.' },
}

/** The same with what the goods must cost, where that is why. */
const refusalIn =
  (locale: keyof Texts, needed: (amount: string) => string) =>
  ({ refusal, minimumSpend }: Readonly<Record<string, unknown>>): string =>
    refusals[refusal as VoucherRefusal][locale] + (minimumSpend == null ? '' : ` ${needed(money(minimumSpend))}`)

/** Sentences for people, of each problem of orders. */
export const messages: Messages = {
  CheckoutCartUnknown: { id: 'Keranjang tidak ditemukan.', en: 'There is no such cart.' },
  CheckoutCartEmpty: {
    id: 'Tidak ada barang terpilih di keranjang yang bisa dibeli.',
    en: 'Nothing that can be bought is selected in the cart.',
  },
  CheckoutCartChanged: {
    id: 'Isi keranjang sudah berubah. Periksa lagi sebelum membeli.',
    en: 'The cart changed in the meantime. Look at it again before you buy.',
  },
  CheckoutCartIncomplete: {
    id: 'Lengkapi alamat dan pilih kurir untuk setiap toko.',
    en: 'Give an address and choose a courier for every shop.',
  },
  CheckoutAlreadyRunning: { id: 'Keranjang ini sedang diproses.', en: 'This cart is being checked out already.' },
  CheckoutAddressUnknown: {
    id: 'Alamat ini sudah tidak ada di buku alamat.',
    en: 'This address is no longer in the address book.',
  },
  CheckoutOutOfStock: { id: 'Stok tidak cukup.', en: 'There is not enough in stock.' },
  CheckoutFlashSaleLimited: {
    id: 'Flash sale ini tidak lagi punya sebanyak itu untuk Anda. Kurangi jumlahnya, atau beli setelah flash sale selesai.',
    en: 'The flash sale does not have that many left for you. Take fewer, or buy when it is over.',
  },
  CheckoutNoLongerSold: { id: 'Ada barang yang sudah tidak dijual.', en: 'Something in the cart is no longer sold.' },
  CheckoutVoucherUnavailable: {
    id: refusalIn('id', (amount) => `Paling sedikit ${amount} sebelum ongkos kirim.`),
    en: refusalIn('en', (amount) => `It takes at least ${amount} without shipping.`),
  },
  CheckoutPriceChanged: {
    id: ({ expected, actual }) => `Total berubah dari ${money(expected)} menjadi ${money(actual)}.`,
    en: ({ expected, actual }) => `The total changed from ${money(expected)} to ${money(actual)}.`,
  },
  CheckoutShippingUnavailable: {
    id: 'Kurir yang dipilih tidak melayani pengiriman ini. Pilih kurir lain.',
    en: 'The chosen courier does not take this parcel. Choose another one.',
  },
  CheckoutPaymentMethodUnavailable: {
    id: 'Cara bayar ini tidak bisa dipakai untuk jumlah ini. Pilih cara lain.',
    en: 'This amount cannot be paid in this way. Choose another one.',
  },
  CheckoutGivenUp: {
    id: 'Pesanan tidak dapat diproses saat ini. Tidak ada yang dibeli; coba lagi nanti.',
    en: 'The order could not be processed. Nothing was bought; try again later.',
  },
  CheckoutPaymentDenied: {
    id: 'Pembayaran ditolak atau dibatalkan. Tidak ada yang dibeli.',
    en: 'The payment was denied or withdrawn. Nothing was bought.',
  },
  CheckoutPaymentExpired: {
    id: 'Pembayaran tidak diterima tepat waktu. Tidak ada yang dibeli.',
    en: 'The payment did not come in time. Nothing was bought.',
  },
  CheckoutPaidTooLate: {
    id: 'Pembayaran Anda datang terlambat: tidak ada yang dibeli, dan uang Anda sedang dikembalikan.',
    en: 'Your payment came too late: nothing was bought, and your money is being returned.',
  },
  CheckoutEnded: { id: 'Pembelian ini sudah berakhir.', en: 'This checkout has ended.' },
  CheckoutNotFound: { id: 'Pembelian tidak ditemukan.', en: 'There is no such checkout.' },
  CheckoutNotCancellable: {
    id: 'Pembelian ini tidak bisa dibatalkan lagi.',
    en: 'This checkout can no longer be cancelled.',
  },
  OrderNotFound: { id: 'Pesanan tidak ditemukan.', en: 'There is no such order.' },
  IllegalOrderMove: { id: 'Status pesanan tidak mengizinkan tindakan ini.', en: "The order's state does not allow this." },
  OrderLinesShort: {
    id: 'Jumlah barang yang tersisa di pesanan ini tidak sebanyak itu.',
    en: 'There are not so many of it left in this order.',
  },
  OrderWouldBeEmpty: {
    id: 'Tidak ada barang yang tersisa. Tolak seluruh pesanan; yang sudah Anda terima dibatalkan oleh pembeli atau petugas.',
    en: 'Nothing would be left of the order. Reject all of it; one that you have accepted is cancelled by its buyer or by support.',
  },
  RefundTooLarge: {
    id: ({ most }) => `Paling banyak ${money(most)} yang bisa dikembalikan.`,
    en: ({ most }) => `At most ${money(most)} can go back.`,
  },
  VoucherCodeTaken: {
    id: ({ voucherCode }) => `Toko ini sudah punya voucher dengan kode ${String(voucherCode)}. Pilih kode lain.`,
    en: ({ voucherCode }) => `The shop has a voucher with the code ${String(voucherCode)} already. Choose another one.`,
  },
  TooManyVouchers: {
    id: ({ most }) => `Paling banyak ${String(most)} voucher yang belum berakhir. Akhiri salah satu dulu.`,
    en: ({ most }) => `At most ${String(most)} vouchers that are not over. End one first.`,
  },
  VoucherNotFound: { id: 'Voucher tidak ditemukan.', en: 'There is no such voucher.' },
  StaleVoucher: {
    id: 'Voucher sudah berubah. Muat ulang lalu coba lagi.',
    en: 'The voucher changed in the meantime. Load it again and try once more.',
  },
  StaleOrder: {
    id: 'Pesanan sudah berubah. Muat ulang lalu coba lagi.',
    en: 'The order changed in the meantime. Load it again and try once more.',
  },
}

/** What a buyer reads whose checkout the market is still at work on. */
export const works: Readonly<Record<CheckoutWork, Texts>> = {
  processing: {
    id: 'Pesanan Anda sedang diproses: satu bagian pasar belum menjawab. Belum ada yang ditagih; prosesnya berjalan sendiri dan kabarnya muncul di sini.',
    en: 'Your order is being processed: a part of the market has not answered yet. Nothing has been charged; it goes on by itself, and you see here what becomes of it.',
  },
  processingBalance: {
    id: 'Pesanan Anda sedang diproses: satu bagian pasar belum menjawab. Jika tidak ada yang dibeli, saldo yang terpakai kembali; prosesnya berjalan sendiri dan kabarnya muncul di sini.',
    en: 'Your order is being processed: a part of the market has not answered yet. If nothing is bought, what it takes from your balance comes back; it goes on by itself, and you see here what becomes of it.',
  },
  received: {
    id: 'Pembayaran Anda sudah kami terima. Pasar memastikan barang Anda; prosesnya berjalan sendiri dan kabarnya muncul di sini.',
    en: 'Your payment is here. The market is making sure of your goods; it goes on by itself, and you see here what becomes of it.',
  },
  receivedLate: {
    id: 'Pembayaran Anda datang setelah pembelian ini berakhir. Pasar memeriksa apakah barangnya masih ada; kalau tidak, uang Anda kembali.',
    en: 'Your payment came after this checkout had ended. The market is looking whether its goods can still be had; if not, your money comes back.',
  },
}
