import type { Messages } from '@pasar/shared/messages'
import { formatMoney, type Money } from '@pasar/shared/money'

/** Sentences of the users problems. */
export const messages: Messages = {
  EmailTaken: {
    id: 'Alamat email ini sudah terdaftar. Silakan masuk atau atur ulang kata sandi.',
    en: 'This e-mail address already has an account. Sign in, or reset the password.',
  },
  PasswordTooCommon: {
    id: 'Kata sandi ini terlalu umum dan mudah ditebak. Pilih yang lain.',
    en: 'This password is too common and easily guessed. Choose another one.',
  },
  SignInRefused: { id: 'Email atau kata sandi salah.', en: 'E-mail address or password is wrong.' },
  SignInLimited: {
    id: 'Terlalu banyak percobaan dengan kata sandi yang salah. Coba lagi nanti atau atur ulang kata sandi.',
    en: 'Too many attempts with a wrong password. Try again later, or reset the password.',
  },
  SignInSuspended: { id: 'Akun ini ditangguhkan. Hubungi layanan bantuan.', en: 'This account is suspended. Contact support.' },
  SessionEnded: { id: 'Sesi ini sudah berakhir. Silakan masuk lagi.', en: 'This session has ended. Sign in again.' },
  PasswordWrong: { id: 'Kata sandi saat ini salah.', en: 'The current password is wrong.' },
  AccountKeepsBusiness: {
    id: 'Akun ini memiliki toko atau peran petugas: catatan usaha dan pajaknya harus disimpan, jadi akun tidak dapat dihapus sendiri. Hubungi layanan bantuan.',
    en: 'This account has a shop, or a role of staff: its business and tax records have to be kept, so it cannot be erased this way. Contact support.',
  },
  AccountStillInUse: {
    id: ({ openOrders, openCheckouts, openRefunds, openDisputes, balance }) =>
      `Akun belum dapat dihapus: ${Number(openOrders)} pesanan dan ${Number(openCheckouts)} pembelian belum selesai, ${Number(openRefunds)} pengembalian dana masih berjalan, ${Number(openDisputes)} pembayaran disengketakan, saldo ${formatMoney(balance as Money)}. Saldo dapat dipakai, atau dilepaskan dengan menyebut jumlahnya.`,
    en: ({ openOrders, openCheckouts, openRefunds, openDisputes, balance }) =>
      `The account cannot be erased yet. Orders under way: ${Number(openOrders)}; checkouts under way: ${Number(openCheckouts)}; refunds on their way: ${Number(openRefunds)}; payments in dispute: ${Number(openDisputes)}; balance: ${formatMoney(balance as Money)}. A balance can be spent, or given up by naming that sum.`,
  },
  ResetTokenUnusable: {
    id: 'Token ini tidak berlaku, sudah dipakai, atau kedaluwarsa. Minta email yang baru.',
    en: 'This token is not valid, was used already, or has expired. Ask for another mail.',
  },
  ResetMailLimited: {
    id: 'Terlalu banyak permintaan untuk alamat email ini. Coba lagi nanti.',
    en: 'Too many mails were asked for this address. Try again later.',
  },
  VerificationUnusable: {
    id: 'Token ini tidak berlaku untuk akun Anda, sudah dipakai, atau kedaluwarsa. Minta email yang baru.',
    en: 'This token is not valid for your account, was used already, or has expired. Ask for another mail.',
  },
  VerificationMailLimited: {
    id: 'Terlalu banyak email verifikasi diminta. Coba lagi nanti.',
    en: 'Too many verification mails were asked for. Try again later.',
  },
  EmailAlreadyVerified: { id: 'Alamat email ini sudah terverifikasi.', en: 'This e-mail address is verified already.' },
  EmailNotVerified: {
    id: 'Alamat email akun ini belum diverifikasi. Pakai token dari email kami, atau minta email yang baru.',
    en: 'The e-mail address of this account is not verified yet. Use the token from our mail, or ask for another one.',
  },
  DistrictUnknown: {
    id: ({ districtCode }) => `Tidak ada kecamatan dengan kode ${String(districtCode)}.`,
    en: ({ districtCode }) => `There is no district with the code ${String(districtCode)}.`,
  },
  RegencyUnknown: {
    id: ({ regencyCode }) => `Tidak ada kabupaten atau kota dengan kode ${String(regencyCode)}.`,
    en: ({ regencyCode }) => `There is no regency or city with the code ${String(regencyCode)}.`,
  },
  TooManyAddresses: {
    id: ({ max }) => `Buku alamat penuh: paling banyak ${String(max)} alamat.`,
    en: ({ max }) => `The address book is full: at most ${String(max)} addresses.`,
  },
  AddressNotFound: { id: 'Alamat ini tidak ada di buku alamat Anda.', en: 'This address is not in your address book.' },
  ShopSlugTaken: {
    id: ({ slug }) => `Nama tautan "${String(slug)}" sudah dipakai toko lain.`,
    en: ({ slug }) => `Another shop already has the link "${String(slug)}".`,
  },
  TooManyShops: {
    id: ({ max }) => `Satu akun paling banyak memiliki ${String(max)} toko.`,
    en: ({ max }) => `An account may have at most ${String(max)} shops.`,
  },
  ShopNotFound: { id: 'Toko ini tidak ada atau bukan milik Anda.', en: 'This shop does not exist, or is not yours.' },
  AlreadyShopMember: { id: 'Sudah ikut mengurus toko ini.', en: 'Already belongs to this shop.' },
  TooManyShopMembers: {
    id: ({ max }) => `Paling banyak ${String(max)} orang dapat ikut mengurus satu toko, termasuk yang baru diundang.`,
    en: ({ max }) => `At most ${String(max)} people may help in a shop, those invited among them.`,
  },
  TooManyHelpedShops: {
    id: ({ max }) => `Satu akun paling banyak ikut mengurus ${String(max)} toko.`,
    en: ({ max }) => `An account may help in at most ${String(max)} shops.`,
  },
  ShopInvitationsLimited: {
    id: 'Terlalu banyak undangan dari toko ini atau ke alamat ini. Coba lagi nanti.',
    en: 'Too many invitations by this shop or to this address. Try again later.',
  },
  ShopInvitationNotFound: { id: 'Undangan ini tidak ada lagi.', en: 'This invitation does not exist any more.' },
  ShopInvitationUnusable: {
    id: 'Token ini tidak berlaku, sudah dipakai, atau kedaluwarsa. Minta pemilik toko mengundang lagi.',
    en: 'This token is not valid, was used already, or has expired. Ask the owner of the shop for another invitation.',
  },
  ShopMemberNotFound: { id: 'Akun ini tidak ikut mengurus toko ini.', en: 'This account does not help in this shop.' },
  StaleShop: {
    id: 'Toko ini sudah berubah. Muat ulang lalu coba lagi.',
    en: 'This shop changed in the meantime. Load it again and try once more.',
  },
  UserNotFound: { id: 'Akun ini tidak ada.', en: 'This account does not exist.' },
  OwnAccount: { id: 'Anda tidak dapat melakukan ini pada akun Anda sendiri.', en: 'You cannot do this to your own account.' },
}
