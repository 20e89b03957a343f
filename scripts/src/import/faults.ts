import { CodedError } from '@pasar/shared/problems'
import { StartProblem } from '../start-problem.ts'

/** What the driver and the server say when a database goes away while we work with it. */
const gone = /ECONNREFUSED|ECONNRESET|Connection terminated|57P0[123]|terminating connection|P1001|P1017|server closed/i

const textOf = (error: unknown, depth = 0): string => {
  if (!(error instanceof Error) || depth > 4) return ''
  const { code, message, cause } = error as Error & { readonly code?: unknown }
  return `${String(code)} ${message} ${textOf(cause, depth + 1)}`
}

/** A failure while writing as a sentence, where a person can mend it. */
export function writingFault(error: unknown): unknown {
  if (error instanceof CodedError) return new StartProblem(`${error.message}.`)
  if (gone.test(textOf(error)))
    return new StartProblem('The database stopped before the end: run the same command again, it goes on where it was.')
  return error
}
