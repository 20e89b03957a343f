import type { Messages } from '@pasar/shared/messages'

export const messages: Messages = {
  CartNotFound: {
    id: 'Keranjang ini tidak ada atau sudah berakhir.',
    en: 'There is no such cart, or it has ended.',
  },
  StaleCart: {
    id: 'Isi keranjang sudah berubah. Muat ulang lalu coba lagi.',
    en: 'The cart changed in the meantime. Load it again and try once more.',
  },
  CartBeingCheckedOut: {
    id: 'Keranjang sedang diproses di pembayaran dan belum dapat diubah.',
    en: 'This cart is being checked out and cannot be changed now.',
  },
  CartLineNotFound: { id: 'Barang ini tidak ada di keranjang.', en: 'This line is not in the cart.' },
  CartGroupNotFound: { id: 'Toko ini tidak ada di keranjang.', en: 'This shop is not in the cart.' },
  VariantNotSold: { id: 'Barang ini tidak dijual.', en: 'This item is not for sale.' },
  NotEnoughStock: {
    id: ({ available }) => (available === 0 ? 'Stok barang ini habis.' : `Stok barang ini tinggal ${String(available)}.`),
    en: ({ available }) => (available === 0 ? 'This item is out of stock.' : `Only ${String(available)} of this item are left.`),
  },
  CartQuantityExceeded: {
    id: ({ max }) => `Satu barang paling banyak ${String(max)} buah per keranjang.`,
    en: ({ max }) => `A cart holds at most ${String(max)} units of one item.`,
  },
  CartFull: {
    id: ({ max }) => `Keranjang sudah penuh: paling banyak ${String(max)} barang berbeda.`,
    en: ({ max }) => `The cart is full: it holds at most ${String(max)} different items.`,
  },
}
