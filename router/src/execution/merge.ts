import { isObject, type JsonObject } from './execution.ts'

/**
 * Adds what was fetched to what is known. What both know is the same by the rules of composition, so a null (which may stand for an
 * error) gives way to a value; lists go item by item.
 */
export function mergeInto(target: JsonObject, source: JsonObject): void {
  for (const key of Object.keys(source)) {
    // Never a response name: GraphQL reserves two leading underscores, and only __typename is used.
    if (key === '__proto__') continue
    const value = source[key]
    const known = target[key]
    if (known === undefined || known === null) target[key] = value
    else if (typeof known === 'object') mergeValues(known, value)
    else if (value !== null && key !== '__typename') target[key] = value
  }
}

function mergeValues(known: object, value: unknown): void {
  if (Array.isArray(known)) {
    if (!Array.isArray(value)) return
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index]
      const before: unknown = known[index]
      if (before === undefined || before === null) known[index] = item
      else if (typeof before === 'object') mergeValues(before, item)
    }
    return
  }
  if (isObject(value)) mergeInto(known as JsonObject, value)
}
