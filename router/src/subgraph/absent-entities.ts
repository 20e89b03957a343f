import type { SubgraphResult } from './representations.ts'

/** What one fetch asked for and was told, without an error, that it does not exist (or not for this viewer). */
export interface AbsentEntities {
  /** Where the gateway put the fetch: response names, and `@` for each position of a list. */
  readonly path: readonly (string | number)[]
  readonly count: number
}

/** Counts the entities of an answer that are null; an answer with errors says nothing of absence. */
export function absentIn({ data, errors = [] }: SubgraphResult): number {
  const entities: unknown = data?.['_entities']
  return Array.isArray(entities) && errors.length === 0 ? entities.filter((entity) => entity === null).length : 0
}
