import { domains, type Domain } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres'
import type { Passwords } from './passwords.ts'

/** Makes the role and the database of every domain that lacks them. A role owns its own database and cannot connect to another. */
export async function createDatabases(adminUrl: string, passwords: Passwords): Promise<void> {
  const postgres = openPostgres({ url: adminUrl, connectionsMax: 1 })
  const { pool } = postgres
  try {
    const roles = await pool.query<{ name: string }>('select rolname as name from pg_roles')
    const databases = await pool.query<{ name: string }>('select datname as name from pg_database')
    for (const domain of domains) {
      if (!has(roles.rows, domain)) await pool.query(`create role "${domain}" login password '${passwords[domain]}'`)
      if (!has(databases.rows, domain)) await pool.query(`create database "${domain}" owner "${domain}"`)
      await pool.query(`revoke all on database "${domain}" from public`)
    }
    await pool.query('revoke all on database postgres, template1 from public')
  } finally {
    await postgres.stop()
  }
}

const has = (rows: readonly { name: string }[], domain: Domain) => rows.some(({ name }) => name === domain)
