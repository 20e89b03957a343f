import { setTimeout as pause } from 'node:timers/promises'
import type { Postgres } from '@pasar/shared/postgres'
import { isGone } from '../../postgres/gone.ts'

const restMs = 20
/** Ten seconds: longer than PostgreSQL takes to come back. */
const triesMax = 500

/** A statement that changes nothing; one with a name is planned once. */
interface Question {
  readonly name?: string
  readonly text: string
  readonly values?: unknown[]
}

/** Looks into a database that somebody may be ending: a look changes nothing, so it is taken again when the database is back. */
export async function look<T extends object>({ pool }: Postgres, question: Question): Promise<T[]> {
  for (let tries = 1; ; tries++)
    try {
      return (await pool.query<T>(question)).rows
    } catch (error) {
      if (tries === triesMax || !isGone(error)) throw error
      await pause(restMs)
    }
}
