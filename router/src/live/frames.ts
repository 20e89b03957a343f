import type { Log } from '@pasar/shared/log'
import type { Viewer } from '@pasar/shared/identity/viewer'
import { GraphQLError, type ExecutionResult } from 'graphql'
import type { CompiledOperation } from '../execution/compile-operation.ts'
import type { WrittenResult } from '../execution/written-result.ts'
import type { SendFetch } from '../execution/execution.ts'
import { failedResult, finishResult } from '../finish.ts'
import type { Admitted } from '../operation/admit.ts'
import { resultText, type RouterResult } from '../operation/result.ts'
import { formatted } from '../subgraph/answer-errors.ts'
import type { Caller } from '../subgraph/send.ts'
import { upstreamLost } from './endings.ts'

/** A subscription that is planned and allowed. */
export interface LiveOperation {
  readonly admitted: Admitted
  readonly compiled: CompiledOperation
  readonly caller: Caller
}

/** What making frames takes. */
export interface FrameOptions {
  readonly sendFor: (caller: Caller) => SendFetch
  /** Called when a frame goes out to a viewer. */
  readonly onFrame: (viewer: Viewer) => void
  readonly log: Log
}

const errorsOf = ({ errors = [] }: ExecutionResult) => errors.map(formatted)

const finish = ({ log }: FrameOptions, { requestId, locale }: Caller, result: WrittenResult) =>
  finishResult(result, { requestId, locale, log })

/** Errors without data, a subgraph's refusal to go on, as the client is told of them. */
export function refusalOf(options: FrameOptions, caller: Caller, result: ExecutionResult): GraphQLError {
  const [error] = finish(options, caller, { data: null, errors: errorsOf(result), absences: [] }).errors ?? []
  return error ? new GraphQLError(error.message, { extensions: error.extensions ?? {} }) : upstreamLost()
}

/** Runs the rest of the plan with the event as what is known already; the event's data becomes part of the frame. */
export async function frameText(options: FrameOptions, live: LiveOperation, event: ExecutionResult): Promise<string> {
  return resultText(await frameOf(options, live, event))
}

async function frameOf(options: FrameOptions, live: LiveOperation, event: ExecutionResult): Promise<RouterResult> {
  const { admitted, compiled, caller } = live
  const { variables, coerced } = admitted
  try {
    const answer = { data: event.data as Record<string, unknown> | null, errors: errorsOf(event) }
    return finish(options, caller, await compiled.run({ variables, coerced, send: options.sendFor(caller), event: answer }))
  } catch (error) {
    const { requestId, locale } = caller
    return failedResult(error, 'a frame failed', { requestId, locale, log: options.log })
  }
}
