import type { Domain } from '@pasar/shared/domains'
import { superuser } from './cluster.ts'
import type { Passwords } from './passwords.ts'

/** The ways into a server of ours. */
export interface ServerUrls {
  /** The superuser's way in. */
  readonly adminUrl: string
  /** The domain role's way into its own database. */
  readonly urlFor: (domain: Domain) => string
}

/** The ways into the server on this port. */
export function urlsOf(port: number, passwords: Passwords): ServerUrls {
  const url = (role: string, password: string, database: string) =>
    `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`
  return {
    adminUrl: url(superuser, passwords.superuser, 'postgres'),
    urlFor: (domain) => url(domain, passwords[domain], domain),
  }
}
