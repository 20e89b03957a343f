import type { ExecutionResult, GraphQLFormattedError } from 'graphql'

/** A subgraph's answer as JSON. */
export type SubgraphResult = Pick<ExecutionResult, 'data'> & { readonly errors?: readonly GraphQLFormattedError[] }

/** Entities to ask for, each once, and where each goes in the answer. */
export interface Deduplicated {
  readonly representations: readonly unknown[]
  /** For each representation that was asked for, the position of its answer. */
  readonly positions: readonly number[]
}

/** Finds representations that say the same. */
export function deduplicate(representations: readonly unknown[]): Deduplicated {
  const known = new Map<string, number>()
  const distinct: unknown[] = []
  const positions = representations.map((representation) => {
    const text = JSON.stringify(representation)
    const position = known.get(text) ?? distinct.push(representation) - 1
    known.set(text, position)
    return position
  })
  return { representations: distinct, positions }
}

/** Gives every representation its own copy of its answer, and every error to all that asked for the entity. */
export function restore(result: SubgraphResult, { representations, positions }: Deduplicated): SubgraphResult {
  if (representations.length === positions.length) return result
  const entities = result.data?.['_entities']
  // Copies, because the gateway merges fetched fields into what it gets.
  const data = Array.isArray(entities)
    ? { ...result.data, _entities: positions.map((position) => structuredClone(entities[position])) }
    : result.data
  const errors = result.errors?.flatMap((error) => {
    const [root, position, ...rest] = error.path ?? []
    if (root !== '_entities' || typeof position !== 'number') return [error]
    return positions.flatMap((original, index) =>
      original === position ? [{ ...error, path: ['_entities', index, ...rest] }] : [],
    )
  })
  return { ...(data !== undefined && { data }), ...(errors && { errors }) }
}
