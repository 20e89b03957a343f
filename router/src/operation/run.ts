import { errorDetails, type Log } from '@pasar/shared/log'
import { internalError } from '@pasar/shared/problems'
import type { ExecutionResult } from 'graphql'
import type { SendFetch } from '../execution/execution.ts'
import { finishResult } from '../finish.ts'
import type { Gateway } from '../gateway.ts'
import type { Caller } from '../subgraph/send.ts'
import type { Admitted } from './admit.ts'
import type { RouterResult } from './result.ts'

/** What running takes. */
export interface RunOptions {
  readonly introspect: Gateway['introspect']
  readonly sendFor: (caller: Caller) => SendFetch
  readonly log: Log
}

/** Runs an admitted query or mutation. Never rejects. */
export async function run({ introspect, sendFor, log }: RunOptions, admitted: Admitted, caller: Caller): Promise<RouterResult> {
  const { requestId, locale } = caller
  log.info({ requestId, operation: admitted.operationName, kind: admitted.kind }, 'operation')
  try {
    const { variables, coerced, introspection } = admitted
    const schemaPart = introspection && objectOf(await introspect(introspection, variables))
    const given = { variables, coerced, introspection: schemaPart, send: sendFor(caller) }
    return finishResult(await admitted.compiled().run(given), { requestId, locale, log })
  } catch (error) {
    log.error({ ...errorDetails(error), requestId }, 'an operation failed')
    return { data: null, errors: [internalError({ requestId }).told(locale)] }
  }
}

function objectOf({ data, errors }: ExecutionResult): Record<string, unknown> {
  if (!data) throw errors?.[0] ?? new Error('The schema said nothing of itself')
  return data
}
