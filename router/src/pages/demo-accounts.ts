import type { DemoAccount } from './landing.ts'

/** The accounts that a visitor of the demo market may sign in with. */
export const demoAccounts = [
  { role: 'buyer', email: 'pembeli@pasar.example', password: 'belanja-di-pasar' },
  { role: 'seller', email: 'penjual@pasar.example', password: 'jualan-di-pasar' },
  { role: 'admin', email: 'admin@pasar.example', password: 'kelola-pasar-ini' },
] as const satisfies readonly DemoAccount[]

/** Whoever owns the demo shops that the demo seller does not own: a purchase from two shops has two sellers. */
export const secondSeller: DemoAccount = { role: 'seller', email: 'penjual2@pasar.example', password: 'jualan-di-pasar-2' }
