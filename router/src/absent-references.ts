import type { ExecutionResult, GraphQLFormattedError } from 'graphql'
import type { AbsentEntities } from './subgraph/absent-entities.ts'

type Path = readonly (string | number)[]

/**
 * Finds, among the nulls the gateway complains of, those that only say that a nullable reference leads nowhere. The gateway does not
 * tell which entity of a list was absent: where more references became null than were absent, all of them stay errors.
 */
export function absentReferences(
  found: readonly GraphQLFormattedError[],
  data: ExecutionResult['data'],
  absent: readonly AbsentEntities[],
): ReadonlySet<GraphQLFormattedError> {
  const counts = countsOf(absent)
  const candidates = new Map<string, GraphQLFormattedError[]>()
  for (const error of found) {
    const reference = error.path?.slice(0, -1) ?? []
    const pattern = keyOf(reference.map(anywhere))
    if (!counts.has(pattern) || !stoppedAt(data, reference)) continue
    candidates.set(pattern, [...(candidates.get(pattern) ?? []), error])
  }
  return new Set([...candidates].flatMap(([pattern, nulls]) => (nulls.length <= counts.get(pattern)! ? nulls : [])))
}

/** The most that any one fetch found absent at a place: several fetches there may speak of the same entities. */
function countsOf(absent: readonly AbsentEntities[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { path, count } of absent) counts.set(keyOf(path), Math.max(count, counts.get(keyOf(path)) ?? 0))
  return counts
}

/** Whether the value at `path` is itself what became null, and nothing around it. */
function stoppedAt(data: unknown, path: Path): boolean {
  let value = data
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
    value = (value as Readonly<Record<string | number, unknown>>)[key]
  }
  return path.length > 0 && value === null
}

const anywhere = (key: string | number) => (typeof key === 'number' ? '@' : key)

const keyOf = (path: Path) => JSON.stringify(path)
