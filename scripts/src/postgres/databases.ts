import { ownerRoleOf } from '@pasar/shared/postgres/database-roles'
import { domains, type Domain } from '@pasar/shared/domains'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import type { Passwords } from './passwords.ts'
import { onDatabase } from './urls.ts'

/**
 * Makes the roles and the database of every domain that lacks them. A role cannot connect to another one's database, and owns its own
 * unless somebody else is to (see ownerRoleOf).
 */
export async function createDatabases(adminUrl: string, passwords: Passwords): Promise<void> {
  const postgres = openPostgres({ url: adminUrl, connectionsMax: 1 })
  try {
    for (const domain of domains) await createDatabase(postgres, { domain, password: passwords[domain], adminUrl })
    await postgres.pool.query('revoke all on database postgres, template1 from public')
  } finally {
    await postgres.stop()
  }
}

interface Wanted {
  readonly domain: Domain
  readonly password: string
  readonly adminUrl: string
}

async function createDatabase({ pool }: Postgres, { domain, password, adminUrl }: Wanted): Promise<void> {
  const owner = ownerRoleOf(domain)
  const roles = await pool.query<{ name: string }>('select rolname as name from pg_roles where rolname = any($1)', [
    [domain, owner],
  ])
  const has = (role: string) => roles.rows.some(({ name }) => name === role)
  if (!has(domain)) await pool.query(`create role "${domain}" login password '${password}'`)
  if (owner !== domain && !has(owner)) await pool.query(`create role "${owner}"`)
  const known = await pool.query<{ owner: string }>(
    'select pg_get_userbyid(datdba)::text as owner from pg_database where datname = $1',
    [domain],
  )
  if (known.rows[0] === undefined) await pool.query(`create database "${domain}" owner "${owner}"`)
  else if (known.rows[0].owner !== owner) await handOver(onDatabase(adminUrl, domain), domain, owner)
  await pool.query(`revoke all on database "${domain}" from public; grant connect on database "${domain}" to "${domain}"`)
}

/** A market from before owned its ledger itself. */
async function handOver(url: string, from: string, to: string): Promise<void> {
  const { pool, stop } = openPostgres({ url, connectionsMax: 1 })
  try {
    await pool.query(`reassign owned by "${from}" to "${to}"`)
  } finally {
    await stop()
  }
}
