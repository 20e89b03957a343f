import { Kind, parse, print, visit, type ArgumentNode, type DocumentNode, type OperationDefinitionNode } from 'graphql'
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
  const document = visit(parse(query), {
    OperationDefinition: {
      enter(operation) {
        const [root, ...others] = operation.selectionSet.selections
        if (root?.kind !== Kind.FIELD) return undefined
        const kept = (root.arguments ?? []).filter(({ name }) => name.value !== 'after')
        const selections = [{ ...root, arguments: [...kept, after] }, ...others]
        return { ...operation, selectionSet: { ...operation.selectionSet, selections } }
      },
      leave: (operation) => ({
        ...operation,
        variableDefinitions:
          operation.variableDefinitions?.filter(({ variable }) => usesVariable(operation, variable.name.value)) ?? [],
      }),
    },
  })
  const left = new Set(definedVariables(document))
  return {
    ...rest,
    query: print(document),
    variables: Object.fromEntries(Object.entries(variables).filter(([name]) => left.has(name))),
  }
}

function usesVariable({ selectionSet, directives = [] }: OperationDefinitionNode, name: string): boolean {
  let used = false
  const Variable = (node: { readonly name: { readonly value: string } }) => {
    used ||= node.name.value === name
  }
  for (const part of [selectionSet, ...directives]) visit(part, { Variable })
  return used
}

const definedVariables = (document: DocumentNode): readonly string[] =>
  document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
      : [],
  )

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
