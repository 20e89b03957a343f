import type { FetchNode } from '@apollo/query-planner'
import { Kind, parse, print, stripIgnoredCharacters, type FieldNode, type VariableDefinitionNode } from 'graphql'

/** What a fetch of entities brings into a request for several. */
export interface QuestionPart {
  readonly operationName: string | undefined
  readonly entities: FieldNode
  /** The client's variables, with the texts of their definitions. */
  readonly variables: ReadonlyMap<string, string>
}

/** One operation that asks several questions. */
export interface JoinedQuestion {
  readonly query: string
  readonly operationName: string | undefined
  /** Names of the client's variables in it. */
  readonly variables: readonly string[]
}

const representations = 'representations'

/** Response name of a question's entities. */
export const entitiesName = (index: number): string => `_entities_${index}`

/** Variable of a question's representations. */
export const representationsName = (index: number): string => `_representations_${index}`

/** Undefined for a fetch that does more than ask for entities. */
export function partOf({ operation, operationName }: FetchNode): QuestionPart | undefined {
  const [definition, ...fragments] = parse(operation).definitions
  if (definition?.kind !== Kind.OPERATION_DEFINITION || fragments.length > 0 || definition.directives?.length) return undefined
  const [entities, ...others] = definition.selectionSet.selections
  if (entities?.kind !== Kind.FIELD || entities.name.value !== '_entities' || entities.alias || others.length > 0)
    return undefined
  const own = (definition.variableDefinitions ?? []).filter(({ variable }) => variable.name.value !== representations)
  return { operationName, entities, variables: new Map(own.map((each) => [each.variable.name.value, printed(each)])) }
}

const printed = (definition: VariableDefinitionNode) => print(definition)

/** Joins questions to one subgraph; undefined where they mean different things by a name. */
export function joinQuestions(parts: readonly QuestionPart[]): JoinedQuestion | undefined {
  const definitions = new Map<string, string>()
  for (const { variables } of parts) {
    for (const [name, definition] of variables) {
      if ((definitions.get(name) ?? definition) !== definition || name.startsWith(representationsName(0).slice(0, -1)))
        return undefined
      definitions.set(name, definition)
    }
  }
  const lists = parts.map((_, index) => `$${representationsName(index)}: [_Any!]!`)
  const fields = parts.map(({ entities: { selectionSet } }, index) => {
    const given = `(${representations}: $${representationsName(index)})`
    return `${entitiesName(index)}: _entities${given} ${selectionSet ? print(selectionSet) : ''}`
  })
  const { operationName } = parts[0]!
  const text = `query ${operationName ?? ''}(${[...lists, ...definitions.values()].join(', ')}) { ${fields.join('\n')} }`
  return { query: stripIgnoredCharacters(text), operationName, variables: [...definitions.keys()] }
}
