import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { ownerRoleOf } from '../postgres/database-roles.ts'
import type { Domain } from '../domains.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The test server, as its superuser. */
    readonly postgresUrl: string
    /** The test server, as each domain's role. */
    readonly postgresRoleUrls: Record<string, string>
  }
}

/** A database for one test file: nobody else's, as empty as its migrations leave it. */
export interface FreshDatabase {
  readonly url: string
  /** As the role that owns its tables. */
  readonly ownerUrl: string
  /** Removes it, together with whoever is still connected. */
  readonly drop: () => Promise<void>
}

/** Clones the domain's migrated template; the url is the domain role's, with the rights it has in a real market. */
export async function freshDatabase(domain: Domain): Promise<FreshDatabase> {
  const name = `test_${domain}_${randomBytes(6).toString('hex')}`
  const roleUrl = inject('postgresRoleUrls')[domain]
  if (roleUrl === undefined) throw new Error(`The test server has no role for ${domain}`)
  await asSuperuser(`create database "${name}" template "template_${domain}" owner "${ownerRoleOf(domain)}"`)
  return {
    url: roleUrl.replace(/[^/]+$/, name),
    ownerUrl: `${inject('postgresUrl').replace(/[^/]+$/, name)}?options=${encodeURIComponent(`-c role=${ownerRoleOf(domain)}`)}`,
    drop: () => asSuperuser(`drop database if exists "${name}" with (force)`),
  }
}

async function asSuperuser(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
