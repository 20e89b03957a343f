import type { FetchPolicy } from '../cache/fetch-policy.ts'
import type { Asked } from './entity-answers.ts'
import { isObject, type Execution, type Making } from './execution.ts'

/** An answer of which nothing is known yet. */
export const newMaking = (): Making => ({ tags: new Set(), restMs: Infinity, isPersonal: false })

/** Something in the answer is not everyone's. */
export function notePersonal({ making }: Pick<Execution, 'making'>): void {
  if (making) making.isPersonal = true
}

/** A part of the answer depends on these, and may be kept for so long. */
export function notePart(making: Making, tags: readonly string[] | undefined, restMs: number): void {
  making.restMs = Math.min(making.restMs, restMs)
  if (!tags) making.isPersonal = true
  else for (const tag of tags) making.tags.add(tag)
}

interface Entities {
  readonly asked: Asked
  readonly entities: readonly unknown[]
  readonly restMs: number
}

/** These entities are parts of the answer. */
export function noteEntities(making: Making, policy: FetchPolicy, { asked, entities, restMs }: Entities): void {
  const rest = Math.min(policy.maxAgeMs, restMs)
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index]
    notePart(making, isObject(entity) ? policy.tagsOf(asked.representations[index]!, entity) : undefined, rest)
  }
}
