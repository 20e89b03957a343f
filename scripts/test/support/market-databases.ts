import type { Domain } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { freshDatabase } from '@pasar/shared/testing/database'

/** Fresh databases of the two domains that imports write to. */
export interface TestMarketDatabases {
  readonly urlFor: (domain: Domain) => string
  query<T = unknown>(domain: Domain, sql: string): Promise<T[]>
  /** From now on every insert into the table fails. */
  breakTable(domain: Domain, table: string): Promise<void>
  mendTable(domain: Domain, table: string): Promise<void>
  stop(): Promise<void>
}

/** Opens them; stop them in afterAll. */
export async function openTestMarket(): Promise<TestMarketDatabases> {
  const fresh = { users: await freshDatabase('users'), products: await freshDatabase('products') }
  const open = (domain: Domain) => {
    if (domain !== 'users' && domain !== 'products') throw new Error(`imports do not write to ${domain}`)
    return fresh[domain]
  }
  const query = async <T>(domain: Domain, sql: string) => {
    const postgres = openPostgres({ url: open(domain).url, connectionsMax: 1 })
    try {
      return (await postgres.pool.query(sql)).rows as T[]
    } finally {
      await postgres.stop()
    }
  }
  return {
    urlFor: (domain) => open(domain).url,
    query,
    breakTable: async (domain, table) => {
      await query(domain, `create function broken() returns trigger language plpgsql as 'begin raise exception ''broken''; end'`)
      await query(domain, `create trigger broken before insert on "${table}" for each row execute function broken()`)
    },
    mendTable: async (domain, table) => void (await query(domain, `drop trigger broken on "${table}"; drop function broken()`)),
    stop: async () => {
      await fresh.users.drop()
      await fresh.products.drop()
    },
  }
}
