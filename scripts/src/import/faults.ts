import { CodedError } from '@pasar/shared/problems'
import { isGone } from '../postgres/gone.ts'
import { StartProblem } from '../start-problem.ts'

/** A failure while writing as a sentence, where a person can mend it. */
export function writingFault(error: unknown): unknown {
  if (error instanceof CodedError) return new StartProblem(`${error.message}.`)
  if (isGone(error))
    return new StartProblem('The database stopped before the end: run the same command again, it goes on where it was.')
  return error
}
