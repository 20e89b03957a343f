import type { Texts } from '@pasar/shared/locale'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import type { DocumentNode, GraphQLError } from 'graphql'
import { routerLimits } from './limits.ts'
import { listTooLong, writesLongList } from './lists.ts'
import { measureOperations, type Measure } from './measure.ts'
import { nameTooLong, writesLongName } from './names.ts'
import { valueDepth } from './value-depth.ts'

const bounds: Readonly<Record<keyof Measure, { readonly max: number; readonly what: Texts }>> = {
  selections: { max: routerLimits.selectionsMax, what: { id: 'field dan fragmen', en: 'fields and fragments' } },
  depth: { max: routerLimits.depthMax, what: { id: 'tingkat', en: 'levels' } },
  aliases: { max: routerLimits.aliasesMax, what: { id: 'alias', en: 'aliases' } },
  directives: { max: routerLimits.directivesMax, what: { id: 'direktif', en: 'directives' } },
  rootFields: { max: routerLimits.rootFieldsMax, what: { id: 'field akar', en: 'root fields' } },
  sensitiveMutations: {
    max: routerLimits.sensitiveMutationsMax,
    what: { id: 'mutasi yang mencoba rahasia', en: 'mutations that try a secret' },
  },
}

/** An error for each bound that an operation of the document exceeds. To be asked before validation, whose time is not bounded. */
export function checkSize(document: DocumentNode): GraphQLError[] {
  const exceeded = measureOperations(document).flatMap((measure) =>
    (Object.keys(bounds) as (keyof Measure)[]).filter((name) => measure[name] > bounds[name].max),
  )
  const tooDeepValue = valueDepth(document) > routerLimits.writtenValueDepthMax ? [tooDeep()] : []
  const tooLong = [...(writesLongList(document) ? [listTooLong()] : []), ...(writesLongName(document) ? [nameTooLong()] : [])]
  return [...exceeded.map(tooMany), ...tooDeepValue, ...tooLong]
}

/**
 * An error for a subscription that holds more memory than anybody needs for what they follow. A cursor is not counted: what was accepted must
 * be able to go on.
 */
export function checkHeld(
  query: string,
  variables: Readonly<Record<string, unknown>>,
  cursorIn: string | undefined,
): GraphQLError | undefined {
  const { subscriptionCharactersMax: max, cursorCharactersMax } = routerLimits
  const isCursor = (name: string, value: unknown) =>
    name === cursorIn && (value === null || (typeof value === 'string' && value.length <= cursorCharactersMax))
  const counted = Object.entries(variables).filter(([name, value]) => !isCursor(name, value))
  if (query.length <= max && query.length + JSON.stringify(Object.fromEntries(counted)).length <= max) return undefined
  const texts: Texts = {
    id: `Langganan terlalu panjang: teksnya dengan variabelnya paling banyak ${max} karakter`,
    en: `The subscription is too long: its text with its variables may have at most ${max} characters`,
  }
  return graphqlError(new CodedError('GRAPHQL_VALIDATION_FAILED', texts, { limit: 'subscriptionCharacters', max }))
}

function tooDeep(): GraphQLError {
  const max = routerLimits.writtenValueDepthMax
  const texts: Texts = {
    id: `Sebuah nilai dalam operasi bersarang terlalu dalam: paling banyak ${max} objek dan daftar; pakai variabel`,
    en: `A value in the operation nests too deep: at most ${max} objects and lists are allowed; use variables`,
  }
  return graphqlError(new CodedError('GRAPHQL_VALIDATION_FAILED', texts, { limit: 'valueDepth', max }))
}

function tooMany(limit: keyof Measure): GraphQLError {
  const { max, what } = bounds[limit]
  const texts: Texts = {
    id: `Operasi punya terlalu banyak ${what.id}: dengan semua fragmen diuraikan, paling banyak ${max}`,
    en: `The operation has too many ${what.en}: with fragments written out at most ${max} are allowed`,
  }
  return graphqlError(new CodedError('GRAPHQL_VALIDATION_FAILED', texts, { limit, max }))
}
