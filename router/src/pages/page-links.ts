import type { Texts } from '@pasar/shared/locale'

/** A page of the market that the landing page names; those of development are absent in production. */
export type PageLink = { readonly path: string; readonly title: Texts; readonly development: boolean }

export const marketLinks: readonly PageLink[] = [
  {
    path: '/simulators',
    title: { id: 'Simulator pembayaran dan kurir', en: 'Payment and courier simulators' },
    development: true,
  },
  { path: '/simulators/mail', title: { id: 'Kotak surat pengembangan', en: 'Development mail' }, development: true },
  { path: '/health', title: { id: 'Kesehatan proses', en: 'Process health' }, development: false },
]
