import type { Locale } from '@pasar/shared/locale'
import type { Log } from '@pasar/shared/log'
import { maskErrors } from '@pasar/shared/mask'
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
  return { data, errors: maskErrors(errors.map(cleanError), [], { log, requestId, locale }) }
}
