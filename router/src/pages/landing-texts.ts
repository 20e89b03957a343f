import type { Locale } from '@pasar/shared/locale'

type LandingTexts = Readonly<
  Record<
    'what' | 'playground' | 'api' | 'links' | 'accounts' | 'role' | 'email' | 'password' | 'first' | 'client' | 'clientHint',
    string
  >
> & { readonly roles: Readonly<Record<'buyer' | 'seller' | 'admin', string>> }

export const landingTexts: Readonly<Record<Locale, LandingTexts>> = {
  id: {
    what: 'Pasar terbuka dengan banyak penjual di balik satu API GraphQL: telusuri, beli, bayar, kirim, dan ikuti semuanya secara langsung.',
    playground: 'Coba API di playground',
    api: 'Alamat API',
    links: 'Halaman',
    accounts: 'Akun demo',
    role: 'Peran',
    email: 'Email',
    password: 'Kata sandi',
    first: 'Coba dulu',
    client: 'Klien sepuluh baris',
    clientHint: 'Awal untuk etalase Anda. Yang dibutuhkan hanya paket graphql-ws.',
    roles: { buyer: 'Pembeli', seller: 'Penjual', admin: 'Admin' },
  },
  en: {
    what: 'An open marketplace of many sellers behind one GraphQL API: browse, buy, pay, ship, and follow it all live.',
    playground: 'Try the API in the playground',
    api: 'API address',
    links: 'Pages',
    accounts: 'Demo accounts',
    role: 'Role',
    email: 'Email',
    password: 'Password',
    first: 'Try first',
    client: 'A ten-line client',
    clientHint: 'A start for your storefront. All it needs is the graphql-ws package.',
    roles: { buyer: 'Buyer', seller: 'Seller', admin: 'Admin' },
  },
}
