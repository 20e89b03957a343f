import { openPostgres } from '../postgres/pool.ts'

/** Everything that a database holds, as text: for looking for what must not stand in it. */
export async function everythingIn(url: string): Promise<string> {
  const { pool, stop } = openPostgres({ url })
  const tables = await pool.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  const rows: string[] = []
  for (const { name } of tables.rows)
    rows.push(...(await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)).rows.map(({ row }) => row))
  await stop()
  return rows.join('\n')
}
