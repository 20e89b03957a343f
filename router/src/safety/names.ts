import type { Texts } from '@pasar/shared/locale'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import { visit, type DocumentNode, type GraphQLError } from 'graphql'
import { routerLimits } from './limits.ts'

const max = routerLimits.nameCharactersMax

/** Whether a name in the document is longer than anybody needs. */
export function writesLongName(document: DocumentNode): boolean {
  let found = false
  visit(document, {
    Name: ({ value }) => {
      found ||= value.length > max
    },
  })
  return found
}

const texts: Texts = {
  id: `Sebuah nama dalam operasi terlalu panjang: paling banyak ${max} karakter`,
  en: `A name in the operation is too long: at most ${max} characters`,
}

/** The refusal. */
export const nameTooLong = (): GraphQLError =>
  graphqlError(new CodedError('GRAPHQL_VALIDATION_FAILED', texts, { limit: 'nameCharacters', max }))
