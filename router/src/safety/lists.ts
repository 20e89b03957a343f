import type { Texts } from '@pasar/shared/locale'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import { visit, type DocumentNode, type GraphQLError } from 'graphql'
import { costLimits } from '../cost/limits.ts'

const max = costLimits.listArgumentMax

/** Whether a list somewhere in a JSON value has more entries than an argument may. */
export function holdsLongList(value: unknown): boolean {
  if (!(value instanceof Object)) return false
  if (Array.isArray(value) && value.length > max) return true
  for (const inner of Object.values(value)) if (holdsLongList(inner)) return true
  return false
}

/** Whether a list written into the document has. */
export function writesLongList(document: DocumentNode): boolean {
  let found = false
  visit(document, {
    ListValue: ({ values }) => {
      found ||= values.length > max
    },
  })
  return found
}

const texts: Texts = {
  id: `Sebuah daftar dalam argumen terlalu panjang: paling banyak ${max} isi`,
  en: `A list in an argument is too long: at most ${max} entries`,
}

/** The refusal. */
export const listTooLong = (): GraphQLError =>
  graphqlError(new CodedError('BAD_USER_INPUT', texts, { limit: 'listArgument', max }))
