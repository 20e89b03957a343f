import { CodedError } from '@pasar/shared/problems'
import type { Texts } from '@pasar/shared/locale'
import { graphqlError } from '@pasar/shared/told'
import { getOperationAST, OperationTypeNode, type OperationDefinitionNode } from 'graphql'
import { compileOperation, type CompiledOperation } from '../execution/compile-operation.ts'
import type { LoadedGraph } from '../gateway.ts'
import { planLive } from '../live/place.ts'
import type { Guarded } from './private-aliases.ts'

const unplannable: Texts = { id: 'Langganan ini tidak bisa direncanakan', en: 'This subscription cannot be planned' }

/** Plans and compiles operations, each once as long as its document is remembered. */
export function openCompile(graph: LoadedGraph) {
  const known = new WeakMap<OperationDefinitionNode, CompiledOperation>()
  return ({ document, aliases }: Guarded, operationName: string | undefined): CompiledOperation => {
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
}
