import { limits } from '@pasar/shared/limits'
import type { Locale } from '@pasar/shared/locale'
import { errorDetails, type Log } from '@pasar/shared/log'
import { maskErrors } from '@pasar/shared/subgraph/mask'
import { CodedError, internalError } from '@pasar/shared/problems'
import type { WrittenResult } from './execution/written-result.ts'
import type { RouterResult } from './operation/result.ts'
import { cleanError } from './subgraph/answer-errors.ts'

/** Whom a result goes to. */
export interface Finish {
  readonly requestId: string
  readonly locale: Locale
  readonly log: Log
}

/** Makes a result fit for a client: no error that says more than it may. */
export function finishResult({ data, errors, absences }: WrittenResult, { log, requestId, locale }: Finish): RouterResult {
  for (const path of absences) log.debug({ requestId, path }, 'a reference leads to nothing')
  if (errors.length === 0) return { data }
  // One entity that fails does so at each place where it stands.
  const told = errors.slice(0, limits.answerErrorsMax).map(cleanError)
  return { data, errors: maskErrors(told, [], { log, requestId, locale }) }
}

/** In place of a result that could not be made: what has a code is told, everything else stays in the log, as what could not be done. */
export function failedResult(error: unknown, couldNot: string, { log, requestId, locale }: Finish): RouterResult {
  if (error instanceof CodedError) return { data: null, errors: [error.told(locale)] }
  log.error({ ...errorDetails(error), requestId }, couldNot)
  return { data: null, errors: [internalError({ requestId }).told(locale)] }
}
