import type { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import type { Postgres } from '@pasar/shared/postgres/pool'

/** What Prisma's adapter makes of one connection. */
type Adapter = Awaited<ReturnType<PrismaPg['connect']>>

/** The engine's own word that a migration is done comes after its commit; whoever dies between the two must not run the migration again. */
const noteAsDone = `
;DO $done$ BEGIN
  IF to_regclass('_prisma_migrations') IS NOT NULL THEN
    UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;
  END IF;
END $done$`

/**
 * Prisma's adapter cuts a script at every semicolon, also inside functions and texts. Sent whole it is what `prisma migrate deploy`
 * sends: PostgreSQL finds the statements itself and runs the file in one transaction, here together with the note that it is done.
 */
export function sendWholeScripts(adapter: Adapter): Adapter {
  adapter.executeScript = async (sql) => {
    await adapter.executeRaw({ sql: `${sql}${noteAsDone}`, args: [], argTypes: [] })
  }
  return adapter
}

/** PostgreSQL's numbers of the types "char" (which its catalogue uses) and text. */
const [charType, textType] = [18, 25]
const mark = '\u0000char'

/** The engine reads the catalogue's "char" columns, which the adapter does not know: they pass through it as text, with marked names. */
export function markCatalogueTypes(pool: Postgres['pool']): Postgres['pool'] {
  const query = pool.query.bind(pool) as (
    ...parameters: unknown[]
  ) => Promise<{ fields?: { name: string; dataTypeID: number }[] }>
  const marked = async (...parameters: unknown[]) => {
    const result = await query(...parameters)
    for (const field of result.fields ?? []) {
      if (field.dataTypeID === charType) Object.assign(field, { name: field.name + mark, dataTypeID: textType })
    }
    return result
  }
  return Object.assign(pool, { query: marked })
}

/** Behind the adapter, the marked columns become what the engine expects of them. */
export function readCatalogueTypes(adapter: Adapter): Adapter {
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (query) => {
    const { columnNames, columnTypes, rows } = await queryRaw(query)
    const types = columnNames.map((name, at) =>
      name.endsWith(mark) ? ColumnTypeEnum.Character : (columnTypes[at] ?? ColumnTypeEnum.Text),
    )
    return { columnNames: columnNames.map((name) => name.replace(mark, '')), columnTypes: types, rows }
  }
  return adapter
}
