import type { Postgres } from '@pasar/shared/postgres/pool'
import { despiteCrashes } from '../../postgres/gone.ts'

/** A statement that changes nothing; one with a name is planned once. */
interface Question {
  readonly name?: string
  readonly text: string
  readonly values?: unknown[]
}

/** Looks into a database that somebody may be ending: a look changes nothing, so it is taken again when the database is back. */
export const look = <T extends object>({ pool }: Postgres, question: Question): Promise<T[]> =>
  despiteCrashes(async () => (await pool.query<T>(question)).rows)
