import { CodedError } from '@pasar/shared/problems'
import type { Texts } from '@pasar/shared/locale'
import { graphqlError } from '@pasar/shared/subgraph/told'
import { getOperationAST, OperationTypeNode, type OperationDefinitionNode } from 'graphql'
import { compileOperation, type CompiledOperation } from '../execution/compile-operation.ts'
import type { LoadedGraph } from '../gateway.ts'
import { planLive } from '../live/place.ts'
import type { Guarded } from './private-aliases.ts'

const unplannable: Texts = { id: 'Langganan ini tidak bisa direncanakan', en: 'This subscription cannot be planned' }

/** Plans and compiles operations, each once as long as its document is remembered. */
export interface Compile {
  (guarded: Guarded, operationName: string | undefined): CompiledOperation
  /** Whether that is done already. */
  isDone(guarded: Guarded, operationName: string | undefined): boolean
}

/** See Compile. */
export function openCompile(graph: LoadedGraph): Compile {
  const known = new WeakMap<OperationDefinitionNode, CompiledOperation>()
  const compile = ({ document, aliases }: Guarded, operationName: string | undefined): CompiledOperation => {
    const operation = getOperationAST(document, operationName)!
    const before = known.get(operation)
    if (before) return before
    const isLive = operation.operation === OperationTypeNode.SUBSCRIPTION
    const planned = isLive ? planLive(graph, document, operation) : { plan: graph.plan(document, operationName) }
    const compiled = compileOperation(graph, { ...planned, document, operation, aliases })
    if (isLive && !compiled.primary) throw graphqlError(new CodedError('GRAPHQL_VALIDATION_FAILED', unplannable))
    known.set(operation, compiled)
    return compiled
  }
  const isDone: Compile['isDone'] = ({ document }, operationName) => known.has(getOperationAST(document, operationName)!)
  return Object.assign(compile, { isDone })
}
