import type { PrismaPg } from '@prisma/adapter-pg'
import { directOver } from './direct.ts'
import { openPostgresFor } from './pool.ts'
import type { SqlSeam } from './seam.ts'
import { pulse, type Platform, type SubgraphDatabase } from '../subgraph/open-subgraph.ts'

/** A client of Prisma's, as far as every domain has the same. */
interface Client extends SqlSeam {
  $disconnect(): Promise<void>
}

/** Opens the database of a subgraph: one pool, on which `open` puts its domain's client of Prisma. */
export function openSubgraphDatabase<Db extends Client>(
  platform: Platform,
  url: string,
  open: (adapter: PrismaPg) => Db,
): SubgraphDatabase<Db> {
  const { pool, adapter, stop } = openPostgresFor(platform, url)
  const db = directOver(open(adapter), pool)
  return {
    db,
    pool,
    commits: pulse(),
    stop: async () => {
      await db.$disconnect()
      await stop()
    },
  }
}
