import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationTypeNode,
} from 'graphql'
import { limits } from '../limits.ts'
import type { Texts } from '../locale.ts'
import { CodedError } from '../problems.ts'
import type { Viewer } from '../identity/viewer.ts'

const max = limits.answerEntriesMax
const bytesMax = limits.answerBytesMax

const tooLarge: Texts = {
  id: `Jawabannya terlalu besar: paling banyak ${max} isi daftar; minta lebih sedikit sekaligus`,
  en: `The answer is too large: its lists hold at most ${max} entries; ask for less at once`,
}
const tooLong: Texts = {
  id: `Jawabannya terlalu panjang: paling banyak ${bytesMax} byte; minta lebih sedikit sekaligus`,
  en: `The answer is too long: it has at most ${bytesMax} bytes; ask for less at once`,
}

/** A limit of answers that one goes beyond. */
interface Beyond {
  readonly limit: string
  readonly max: number
}

/** Why an answer is not given. A mutation has its effect before its answer is made: whoever is only told to ask for less takes it for refused. */
export function tooMuchToAnswer(kind: `${OperationTypeNode}`, { id, en }: Texts, beyond: Beyond): CodedError {
  if (kind !== 'mutation') return new CodedError('BAD_USER_INPUT', { id, en }, { ...beyond })
  const texts: Texts = {
    id: `${id}. Yang sudah dijalankan tidak dibatalkan: baca hasilnya, atau kirim lagi dengan idempotencyKey yang sama`,
    en: `${en}. What was done stays done: read what came of it, or send the same again with its idempotencyKey`,
  }
  return new CodedError('BAD_USER_INPUT', texts, { ...beyond, effectStays: true })
}

interface Asker {
  readonly viewer: Viewer
}

/** How many objects the lists of an answer hold, by the context that it is made in. */
const entries = new WeakMap<object, number>()

type Field = GraphQLField<unknown, Asker>

/**
 * Makes a subgraph end an answer whose lists hold too many objects while it is made: what an operation costs was reckoned without seeing
 * them. What the market's processes ask of each other is bounded by what they ask for.
 */
export function boundAnswers(schema: GraphQLSchema): void {
  const count = (context: Asker, { operation }: GraphQLResolveInfo, list: unknown): unknown => {
    if (context.viewer.kind === 'service') return list
    const known = entries.get(context) ?? 0
    const now = Array.isArray(list) ? known + list.length : known
    if (now > max) throw tooMuchToAnswer(operation.operation, tooLarge, { limit: 'answerEntries', max })
    entries.set(context, now)
    return list
  }
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'))
  const lists = types.filter(isObjectType).flatMap((type) => Object.values(type.getFields()).filter(isListOfObjects))
  for (const field of lists) {
    const original = field.resolve ?? defaultFieldResolver
    field.resolve = (...call) => {
      const list: unknown = original(...call)
      const [, , context, info] = call
      return list instanceof Promise ? list.then((those) => count(context, info, those)) : count(context, info, list)
    }
  }
}

const isListOfObjects = ({ type }: Field): boolean => isListType(getNullableType(type)) && isCompositeType(getNamedType(type))

/** Fewer objects in lists hold less, however long their texts are and however often an operation may ask for the same. */
const longFrom = 50

/** Why an answer is not written down: a few lists of the longest texts that there are, each under many names, would fill the process. */
export function refuseLong(context: Asker, kind: `${OperationTypeNode}`, data: unknown): CodedError | undefined {
  if ((entries.get(context) ?? 0) < longFrom || leftOf(bytesMax, data) >= 0) return undefined
  return tooMuchToAnswer(kind, tooLong, { limit: 'answerBytes', max: bytesMax })
}

/** Quotes, or a number as it mostly is. */
const aroundText = 2
const otherValue = 5
/** Quotes, colon and comma. */
const aroundName = 4

/** What is left of so many bytes behind a value as JSON, about; looks no further once nothing is. */
function leftOf(bytes: number, value: unknown): number {
  if (typeof value === 'string') return bytes - Buffer.byteLength(value) - aroundText
  if (typeof value !== 'object' || value === null) return bytes - otherValue
  return Array.isArray(value) ? leftOfItems(bytes, value) : leftOfFields(bytes, value)
}

function leftOfItems(bytes: number, items: readonly unknown[]): number {
  let left = bytes
  for (let index = 0; index < items.length && left >= 0; index++) left = leftOf(left - 1, items[index])
  return left
}

function leftOfFields(bytes: number, fields: object): number {
  let left = bytes
  for (const name in fields) {
    left = leftOf(left - name.length - aroundName, (fields as Readonly<Record<string, unknown>>)[name])
    if (left < 0) break
  }
  return left
}
