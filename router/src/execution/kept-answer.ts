import { createHash } from 'node:crypto'
import { OperationTypeNode, print, type DocumentNode, type OperationDefinitionNode } from 'graphql'
import { mayTake, type Keeping } from '../cache/keeping.ts'
import type { Lookup } from '../cache/store.ts'
import type { CachedReads, Making } from './execution.ts'
import { newMaking } from './making.ts'
import type { WrittenResult } from './written-result.ts'

/** How whole answers to an operation may be kept: as they are sent. */
export interface AnswerPolicy {
  readonly ownersSeeMore: boolean
  /** What all keys begin with: it tells the operation. */
  readonly start: string
}

interface Planned {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** Response names by which two operations with the same plan may differ. */
  readonly aliases: ReadonlyMap<string, string>
}

/** Only when the answers to all fetches may be kept. */
export function compileAnswerPolicy(
  { document, operation, aliases }: Planned,
  keepings: readonly (Keeping | undefined)[],
): AnswerPolicy | undefined {
  if (operation.operation !== OperationTypeNode.QUERY || keepings.length === 0) return undefined
  if (!keepings.every((keeping) => keeping !== undefined)) return undefined
  const text = JSON.stringify([operation.name?.value, print(document), ...aliases])
  return {
    ownersSeeMore: keepings.some(({ ownersSeeMore }) => ownersSeeMore),
    start: `= ${createHash('sha256').update(text).digest('base64url').slice(0, 22)} `,
  }
}

interface Asked {
  readonly variables: Readonly<Record<string, unknown>>
  readonly reads: CachedReads
}

type Make = (making: Making | undefined) => Promise<WrittenResult>

/** Takes the answer as it was sent before, or makes it and keeps it when all of it is everyone's. */
export function throughKeptAnswers(policy: AnswerPolicy, { variables, reads }: Asked, make: Make): Promise<WrittenResult> {
  if (!mayTake(policy, reads)) return make(undefined)
  const key = `${policy.start}${reads.locale} ${JSON.stringify(variables)}`
  const found = reads.cache.read([key])
  return found instanceof Promise
    ? found.then((lookup) => goOn({ reads, key, lookup }, make))
    : goOn({ reads, key, lookup: found }, make)
}

interface Looked {
  readonly reads: CachedReads
  readonly key: string
  readonly lookup: Lookup | undefined
}

function goOn(looked: Looked, make: Make): Promise<WrittenResult> {
  const { reads, lookup } = looked
  if (!lookup) return make(undefined)
  const { counts } = reads.cache
  const text = lookup.values[0]
  if (text === undefined) {
    counts.answerMisses += 1
    return makeAndKeep(looked, lookup, make)
  }
  counts.answerHits += 1
  return Promise.resolve({ data: text, errors: none, absences: none })
}

const none: readonly never[] = []

async function makeAndKeep({ reads, key }: Looked, lookup: Lookup, make: Make): Promise<WrittenResult> {
  const making = newMaking()
  const result = await make(making)
  const { data, errors, absences } = result
  const isEveryones = !making.isPersonal && errors.length === 0 && absences.length === 0
  if (data === null || !isEveryones || !(making.restMs > 0 && Number.isFinite(making.restMs))) return result
  // What was looked up after something else had changed is refused with it: the mark is from before all parts.
  const entry = { key, tags: [...making.tags], text: flat(data), maxAgeMs: Math.floor(making.restMs) }
  void reads.cache.write([entry], lookup.mark)
  return result
}

/** One piece of memory: a text that was put together from many holds on to all of them. */
const flat = (text: string): string => Buffer.from(text).toString()
