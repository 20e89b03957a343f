import type { Stop } from '@pasar/shared/events/bus'
import { ownerRoleOf } from '@pasar/shared/postgres/database-roles'
import { domains, type Domain } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { generateClients } from '../../generate/clients.ts'
import { migrateDatabase } from '../../migrate/database.ts'
import { onDatabase } from '../../postgres/urls.ts'
import { startPostgresApart } from './postgres-apart.ts'

/** The six databases of one market. */
export interface DatabaseSet {
  readonly urlFor: (domain: Domain) => string
  drop(): Promise<void>
}

/** A PostgreSQL of a proof's own, which it may end as it likes. */
export interface ProofServer {
  readonly adminUrl: string
  /** Ends it at once and starts it again. */
  crash(): Promise<void>
  /** Empty databases of a new market. */
  newSet(): Promise<DatabaseSet>
  stop: Stop
}

/** Starts it, with a migrated template of each database. */
export async function startProofServer(say: (line: string) => void): Promise<ProofServer> {
  const [server] = await Promise.all([startPostgresApart(say), generateClients({ say })])
  const { adminUrl, urlFor, ownerUrlFor } = server
  const admin = openPostgres({ url: adminUrl, connectionsMax: 1 })
  let sets = 0
  const newSet = async (): Promise<DatabaseSet> => {
    const prefix = `w${(sets += 1)}`
    for (const domain of domains)
      await admin.pool.query(`create database "${prefix}_${domain}" template "${domain}" owner "${ownerRoleOf(domain)}"`)
    // What a copy takes of its sequences is written down for the case of a crash only from then on.
    await admin.pool.query('checkpoint')
    return {
      urlFor: (domain) => onDatabase(urlFor(domain), `${prefix}_${domain}`),
      drop: async () => {
        for (const domain of domains) await admin.pool.query(`drop database "${prefix}_${domain}" with (force)`)
      },
    }
  }
  const stop = async () => {
    await admin.stop()
    await server.stop()
  }
  try {
    await Promise.all(domains.map((domain) => migrateDatabase({ domain, url: urlFor(domain), ownerUrl: ownerUrlFor(domain) })))
  } catch (error) {
    await stop()
    throw error
  }
  return { adminUrl, crash: server.crash, newSet, stop }
}
