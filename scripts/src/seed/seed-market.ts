import type { Clock } from '@pasar/shared/clock'
import { openImportTarget, type ImportDatabases } from '../import/target.ts'
import { seedListings } from './seed-listings.ts'
import { demoAccountIds, lastAccountId, seedPeople } from './seed-people.ts'
import { anyamBali } from './shops/anyam-bali.ts'
import { batikLaweyan } from './shops/batik-laweyan.ts'
import { dapurBuSri } from './shops/dapur-bu-sri.ts'
import { kopiPriangan } from './shops/kopi-priangan.ts'

/** What seeding needs. */
export interface SeedOptions {
  readonly databases: ImportDatabases
  readonly clock: Clock
  readonly say: (line: string) => void
}

const shops = [kopiPriangan, batikLaweyan, dapurBuSri, anyamBali]

/** Whether any of the demo accounts is in these databases: each may be erased by itself. */
export async function holdsDemoAccounts({ databases, clock }: Omit<SeedOptions, 'say'>): Promise<boolean> {
  const target = await openImportTarget(databases, clock)
  try {
    for (const id of demoAccountIds) if (await target.hasAccount(id)) return true
    return false
  } finally {
    await target.stop()
  }
}

/** Said of databases that are not filled. */
export const notSeeded = 'People have accounts here already: the demo market is made in empty databases alone.'

/** What became of a seed: made now, there already, or not made, because people of a market of their own sign in there. */
export type Seeded = 'made' | 'there' | 'refused'

/**
 * Fills a market in which nobody can sign in yet with the demo market. Accounts come last and all at once, so that a seed that was
 * interrupted goes on at the next start, and one that was finished never brings back what people changed since. Passwords that everyone
 * knows never come into a market that is somebody's.
 */
export async function seedMarket({ databases, clock, say }: SeedOptions): Promise<Seeded> {
  const target = await openImportTarget(databases, clock)
  try {
    if (await target.hasAccount(lastAccountId)) return 'there'
    if (await target.hasPeople()) return 'refused'
    const { products, reviews } = await target.listings(seedListings(shops, clock))
    await target.people(seedPeople(shops))
    say(`Made the demo market: ${shops.length} shops, ${products.inserted} products, ${reviews.inserted} reviews`)
    return 'made'
  } finally {
    await target.stop()
  }
}
