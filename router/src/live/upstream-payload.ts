import { Kind, parse, print, visit, type ArgumentNode, type DocumentNode } from 'graphql'
import type { LiveOperation } from './frames.ts'

/** What is asked of a subgraph. */
export interface UpstreamPayload {
  readonly query: string
  readonly variables: Record<string, unknown>
  readonly operationName?: string
}

/** The same stream from behind a cursor. */
export function resumedAt({ query, variables, ...rest }: UpstreamPayload, cursor: string): UpstreamPayload {
  const after: ArgumentNode = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: 'after' },
    value: { kind: Kind.STRING, value: cursor },
  }
  const asked = visit(parse(query), {
    OperationDefinition(operation) {
      const [root, ...others] = operation.selectionSet.selections
      if (root?.kind !== Kind.FIELD) return undefined
      const kept = (root.arguments ?? []).filter(({ name }) => name.value !== 'after')
      const selections = [{ ...root, arguments: [...kept, after] }, ...others]
      return { ...operation, selectionSet: { ...operation.selectionSet, selections } }
    },
  })
  const used = usedVariables(asked)
  return {
    ...rest,
    query: print(visit(asked, { VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null) })),
    variables: Object.fromEntries(Object.entries(variables).filter(([name]) => used.has(name))),
  }
}

/** In named fragments too: the planner leaves those that are used more than once as they are. */
function usedVariables(document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>()
  visit(document, { VariableDefinition: () => false, Variable: ({ name }) => void used.add(name.value) })
  return used
}

/** What is asked of the subgraph: only the variables that its part of the operation uses. */
export function upstreamPayload({ admitted, compiled }: LiveOperation): UpstreamPayload {
  const primary = compiled.primary!
  const used = (primary.variableUsages ?? []).filter((name) => admitted.variables[name] !== undefined)
  const variables = Object.fromEntries(used.map((name) => [name, admitted.variables[name]]))
  return {
    query: primary.operation,
    variables,
    ...(primary.operationName !== undefined && { operationName: primary.operationName }),
  }
}
