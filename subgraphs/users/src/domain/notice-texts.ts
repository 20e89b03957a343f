import { inEveryLanguage, type Locale, type Texts } from '@pasar/shared/locale'
import type { NoticeKind } from './notices.ts'

type Write = (shop: string) => Texts

/** A shop's name stands where it is known; it is the shop's choosing, and so in no mail. */
const texts: Readonly<Record<NoticeKind, Write>> = {
  ORDER_PAID: (shop) => ({ id: `Pesanan Anda di ${shop} sudah dibayar.`, en: `Your order from ${shop} is paid.` }),
  ORDER_ACCEPTED: (shop) => ({ id: `${shop} menerima pesanan Anda.`, en: `${shop} has accepted your order.` }),
  ORDER_SHIPPED: (shop) => ({ id: `Pesanan Anda dari ${shop} sedang dikirim.`, en: `Your order from ${shop} is on its way.` }),
  ORDER_DELIVERED: (shop) => ({
    id: `Pesanan Anda dari ${shop} sudah sampai. Periksa lalu konfirmasi.`,
    en: `Your order from ${shop} has arrived. Look at it and confirm.`,
  }),
  ORDER_CANCELLED: (shop) => ({ id: `Pesanan Anda di ${shop} dibatalkan.`, en: `Your order from ${shop} is cancelled.` }),
  ORDER_REFUNDED: () => ({ id: 'Dana pesanan Anda sudah dikembalikan.', en: 'Money of your order is back.' }),
  CANCEL_REFUSED: (shop) => ({
    id: `Pesanan Anda di ${shop} tidak dibatalkan dan tetap dikirim.`,
    en: `Your order from ${shop} is not cancelled: it comes.`,
  }),
  RETURN_APPROVED: (shop) => ({
    id: `Pengembalian barang ke ${shop} disetujui. Serahkan paketnya kepada kurir.`,
    en: `You may send goods back to ${shop}. Hand the parcel to the courier.`,
  }),
  RETURN_REFUSED: (shop) => ({
    id: `${shop} menolak pengembalian barang. Anda dapat meminta penengahan.`,
    en: `${shop} does not take the goods back. You can ask for mediation.`,
  }),
  RETURN_IN_MEDIATION: (shop) => ({
    id: `Petugas pasar memutuskan pengembalian barang ke ${shop}.`,
    en: `Staff of the market decide about your return to ${shop}.`,
  }),
  REVIEW_ANSWERED: (shop) => ({ id: `${shop} menjawab ulasan Anda.`, en: `${shop} has answered your review.` }),
  SHOP_ORDER_PAID: (shop) => ({
    id: `Pesanan baru di ${shop}: terima atau tolak.`,
    en: `A new order at ${shop}: accept or reject it.`,
  }),
  SHOP_ORDER_CANCELLED: (shop) => ({ id: `Satu pesanan di ${shop} dibatalkan.`, en: `An order at ${shop} is cancelled.` }),
  SHOP_CANCEL_REQUESTED: (shop) => ({
    id: `Pembeli minta pembatalan satu pesanan di ${shop}.`,
    en: `A buyer asks to cancel an order at ${shop}.`,
  }),
  SHOP_RETURN_REQUESTED: (shop) => ({
    id: `Pembeli ingin mengembalikan barang ke ${shop}.`,
    en: `A buyer asks to send goods back to ${shop}.`,
  }),
  SHOP_RETURN_IN_MEDIATION: (shop) => ({
    id: `Petugas pasar memutuskan satu pengembalian barang ke ${shop}.`,
    en: `Staff of the market decide about a return to ${shop}.`,
  }),
  SHOP_REVIEWED: (shop) => ({ id: `Ada ulasan baru di ${shop}.`, en: `There is a new review at ${shop}.` }),
}

const aShop = inEveryLanguage((locale) => (locale === 'id' ? 'toko' : 'a shop'))

/** What a notification says. */
export const noticeText = (kind: NoticeKind, shop: string | undefined, locale: Locale): string =>
  texts[kind](shop ?? aShop[locale])[locale]
