import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql'
import { limits } from './limits.ts'
import type { Texts } from './locale.ts'
import { CodedError } from './problems.ts'
import type { Viewer } from './viewer.ts'

const max = limits.answerEntriesMax

const tooLarge: Texts = {
  id: `Jawabannya terlalu besar: paling banyak ${max} isi daftar; minta lebih sedikit sekaligus`,
  en: `The answer is too large: its lists hold at most ${max} entries; ask for less at once`,
}

interface Asker {
  readonly viewer: Viewer
}

type Field = GraphQLField<unknown, Asker>

/**
 * Makes a subgraph end an answer whose lists hold too many objects while it is made: what an operation costs was reckoned without seeing
 * them. What the market's processes ask of each other is bounded by what they ask for.
 */
export function boundAnswers(schema: GraphQLSchema): void {
  const entries = new WeakMap<object, number>()
  const count = (context: Asker, list: unknown): unknown => {
    if (context.viewer.kind === 'service') return list
    const known = entries.get(context) ?? 0
    const now = Array.isArray(list) ? known + list.length : known
    if (now > max) throw new CodedError('BAD_USER_INPUT', tooLarge, { limit: 'answerEntries', max })
    entries.set(context, now)
    return list
  }
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'))
  const lists = types.filter(isObjectType).flatMap((type) => Object.values(type.getFields()).filter(isListOfObjects))
  for (const field of lists) {
    const original = field.resolve ?? defaultFieldResolver
    field.resolve = (...call) => {
      const list: unknown = original(...call)
      return list instanceof Promise ? list.then((those) => count(call[2], those)) : count(call[2], list)
    }
  }
}

const isListOfObjects = ({ type }: Field): boolean => isListType(getNullableType(type)) && isCompositeType(getNamedType(type))
