import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'

/** One statement per table and sequence: the service reads and adds, and changes and deletes where the owner itself may. */
const grants = `SELECT format('REVOKE ALL ON TABLE %1$I FROM %2$I; GRANT %3$s ON TABLE %1$I TO %2$I', relname, $1::text,
      concat_ws(', ', 'SELECT', 'INSERT', CASE WHEN has_table_privilege(oid, 'UPDATE') THEN 'UPDATE' END,
        CASE WHEN has_table_privilege(oid, 'DELETE') THEN 'DELETE' END)) AS statement
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> '_prisma_migrations'
  UNION ALL
  SELECT format('GRANT USAGE ON SEQUENCE %1$I TO %2$I', relname, $1::text)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'`

/** Whose way in a database address is. */
const roleOf = (url: string): string => decodeURIComponent(new URL(url).username)

const roleOfSession = async ({ pool }: Postgres): Promise<string> =>
  (await pool.query<{ role: string }>('SELECT current_user::text AS role')).rows[0]!.role

/**
 * Lets a service work on tables that another role owns. What the owner has taken from itself by a migration (changing the ledger), the
 * service never gets; and what it did not get, it cannot give itself.
 */
export async function grantToService(ownerUrl: string, serviceUrl: string): Promise<void> {
  const owner = openPostgres({ url: ownerUrl, connectionsMax: 1 })
  try {
    const service = roleOf(serviceUrl)
    if ((await roleOfSession(owner)) === service) return
    const { rows } = await owner.pool.query<{ statement: string }>(grants, [service])
    // One transaction: a service that is running never stands without its rights.
    await owner.pool.query(rows.map(({ statement }) => statement).join(';'))
  } finally {
    await owner.stop()
  }
}
