import type { Stop } from '@pasar/shared/events/bus'
import { generateClients } from '../generate/clients.ts'
import { migrateDatabase } from '../migrate/database.ts'
import { defaultDataDir } from '../paths.ts'
import { startPostgres, type PostgresOptions } from '../postgres/server.ts'

/** A payments database that nobody else uses. */
export interface PaymentsDatabase {
  readonly url: string
  stop: Stop
  /** Ends the server at once and starts it again, with everything that it had committed. */
  crash(): Promise<void>
}

/** Starts a throwaway PostgreSQL with an empty payments database in it. */
export async function openPaymentsDatabase(
  say: (line: string) => void,
  how: Pick<PostgresOptions, 'mode' | 'waitsForDisk'> = { mode: 'throwaway' },
): Promise<PaymentsDatabase> {
  const [server] = await Promise.all([startPostgres({ dataDir: defaultDataDir, ...how, say }), generateClients({ say })])
  try {
    await migrateDatabase({ domain: 'payments', url: server.urlFor('payments'), ownerUrl: server.ownerUrlFor('payments') })
  } catch (error) {
    await server.stop()
    throw error
  }
  return { url: server.urlFor('payments'), stop: server.stop, crash: server.crash }
}
