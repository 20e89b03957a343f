import { isObject } from '../execution/execution.ts'

/** Names an entity; what an event drops. */
export const tagOf = (type: string, id: string): string => `${type} ${id}`

/** Names a list whose members, order or counts an answer shows; what an event drops. */
export const listTag = (list: string): string => `list ${list}`

/** An object of the answer that may hold further entities, or is one. */
export interface Part {
  readonly key: string
  /** Type of the entity that it is, if its values are kept. */
  readonly entity: string | undefined
  readonly parts: readonly Part[]
}

/** Adds the tags of every entity in a part of an answer; false where one does not say its id: nothing could drop it in time. */
export const collectTags = (part: Part, holder: unknown, tags: Set<string>): boolean =>
  !isObject(holder) || collectFrom(part, holder[part.key], tags)

function collectFrom(part: Part, value: unknown, tags: Set<string>): boolean {
  if (Array.isArray(value)) return value.every((item) => collectFrom(part, item, tags))
  if (!isObject(value)) return true
  if (part.entity !== undefined) {
    // A condition of the operation may leave it out.
    if (typeof value['id'] !== 'string') return false
    tags.add(tagOf(part.entity, value['id']))
  }
  return part.parts.every((inner) => collectTags(inner, value, tags))
}
