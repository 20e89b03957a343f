import { ownerRoleOf } from '@pasar/shared/postgres/database-roles'
import type { Domain } from '@pasar/shared/domains'
import { superuser } from './cluster.ts'
import type { Passwords } from './passwords.ts'

/** The ways into a server of ours. */
export interface ServerUrls {
  /** The superuser's way in. */
  readonly adminUrl: string
  /** The domain role's way into its own database. */
  readonly urlFor: (domain: Domain) => string
  /** The way into it of the role that owns its tables. */
  readonly ownerUrlFor: (domain: Domain) => string
}

/** The same way into another database of the server. */
export function onDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

/** The superuser as somebody who has no way in. */
const acting = (adminUrl: string, role: string, database: string): string =>
  `${onDatabase(adminUrl, database)}?options=${encodeURIComponent(`-c role=${role}`)}`

/** The ways into the server on this port. */
export function urlsOf(port: number, passwords: Passwords): ServerUrls {
  const url = (role: string, password: string, database: string) =>
    `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`
  const adminUrl = url(superuser, passwords.superuser, 'postgres')
  const urlFor = (domain: Domain) => url(domain, passwords[domain], domain)
  const ownerUrlFor = (domain: Domain) =>
    ownerRoleOf(domain) === domain ? urlFor(domain) : acting(adminUrl, ownerRoleOf(domain), domain)
  return { adminUrl, urlFor, ownerUrlFor }
}
