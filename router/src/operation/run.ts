import type { Log } from '@pasar/shared/log'
import type { ExecutionResult } from 'graphql'
import type { ReadThrough } from '../cache/read-through.ts'
import type { WrittenResult } from '../execution/written-result.ts'
import type { SendFetch } from '../execution/execution.ts'
import { failedResult, finishResult } from '../finish.ts'
import type { Gateway } from '../gateway.ts'
import type { Caller } from '../subgraph/send.ts'
import type { Admitted } from './admit.ts'
import { explained } from './explain.ts'
import type { RouterResult } from './result.ts'
import type { Sharing } from './sharing.ts'
import type { InTurn } from './turns.ts'

/** What running takes. */
export interface RunOptions {
  readonly introspect: Gateway['introspect']
  readonly sendFor: (caller: Caller) => SendFetch
  readonly sharing: Sharing
  /** Undefined for a router that keeps nothing. */
  readonly cached: ReadThrough | undefined
  /** Plans are made one at a time, and whoever's operation is planned already does not wait for them. */
  readonly planInTurn: InTurn
  readonly log: Log
}

/** Runs an admitted query or mutation. Never rejects. */
export async function run(options: RunOptions, admitted: Admitted, caller: Caller): Promise<RouterResult> {
  const { sharing, log } = options
  const { requestId, locale } = caller
  log.info({ requestId, operation: admitted.operationName, kind: admitted.kind }, 'operation')
  const execute = () => executeOnce(options, admitted, caller)
  try {
    const finished = finishResult(await shared(sharing, { admitted, caller }, execute), { requestId, locale, log })
    if (!caller.trace) return finished
    return { ...finished, extensions: { explain: explained(caller.trace, admitted.compiled().plan) } }
  } catch (error) {
    return failedResult(error, 'an operation failed', { requestId, locale, log })
  }
}

/** What is measured for a developer is run for them alone. */
function shared(
  sharing: Sharing,
  { admitted, caller }: { readonly admitted: Admitted; readonly caller: Caller },
  execute: () => Promise<WrittenResult>,
): Promise<WrittenResult> {
  if (admitted.kind === 'mutation') return sharing.mutation(caller, execute)
  return caller.trace ? execute() : sharing.query(admitted, caller, execute)
}

async function executeOnce(
  { introspect, sendFor, cached, planInTurn }: RunOptions,
  admitted: Admitted,
  caller: Caller,
): Promise<WrittenResult> {
  const { variables, coerced, kind } = admitted
  const introspection = admitted.introspection && objectOf(await introspect(admitted.introspection, variables))
  const cache = cached?.readsFor(kind, caller)
  try {
    const compiled = admitted.isCompiled() ? admitted.compiled() : await planInTurn(admitted.compiled)
    return await compiled.run({ variables, coerced, introspection, cache, send: sendFor(caller) })
  } finally {
    if (kind === 'mutation') cached?.noteWrite(caller.viewer)
  }
}

function objectOf({ data, errors }: ExecutionResult): Record<string, unknown> {
  if (!data) throw errors?.[0] ?? new Error('The schema said nothing of itself')
  return data
}
