import { isObject, type JsonObject } from './execution.ts'
import type { IsOfType } from './possible-types.ts'

/**
 * Adds what was fetched to what is known. What both know is the same by the rules of composition, so a null (which may stand for an
 * error) gives way to a value; lists go item by item. A subgraph that knows an interface only names an object by it: such a name gives
 * way to that of the object's type, and never the other way round.
 */
export function mergeInto(target: JsonObject, source: JsonObject, isOfType: IsOfType): void {
  for (const key of Object.keys(source)) {
    // Never a response name: GraphQL reserves two leading underscores, and only __typename is used.
    if (key === '__proto__') continue
    const value = source[key]
    const known = target[key]
    if (known === undefined || known === null) target[key] = value
    else if (typeof known === 'object') mergeValues(known, value, isOfType)
    else if (value !== null && (key !== '__typename' || isOfType(value, known as string))) target[key] = value
  }
}

function mergeValues(known: object, value: unknown, isOfType: IsOfType): void {
  if (Array.isArray(known)) {
    if (!Array.isArray(value)) return
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index]
      const before: unknown = known[index]
      if (before === undefined || before === null) known[index] = item
      else if (typeof before === 'object') mergeValues(before, item, isOfType)
    }
    return
  }
  if (isObject(value)) mergeInto(known as JsonObject, value, isOfType)
}
