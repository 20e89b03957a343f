import { GraphQLError, type DocumentNode } from 'graphql'
import { routerLimits } from './limits.ts'
import { measureOperations, type Measure } from './measure.ts'
import { valueDepth } from './value-depth.ts'

const bounds: Readonly<Record<keyof Measure, { readonly max: number; readonly what: string }>> = {
  selections: { max: routerLimits.selectionsMax, what: 'fields' },
  depth: { max: routerLimits.depthMax, what: 'levels' },
  aliases: { max: routerLimits.aliasesMax, what: 'aliases' },
  directives: { max: routerLimits.directivesMax, what: 'directives' },
  rootFields: { max: routerLimits.rootFieldsMax, what: 'root fields' },
  sensitiveMutations: { max: routerLimits.sensitiveMutationsMax, what: 'mutations that try a secret' },
}

/** An error for each bound that an operation of the document exceeds. To be asked before validation, whose time is not bounded. */
export function checkSize(document: DocumentNode): GraphQLError[] {
  const exceeded = measureOperations(document).flatMap((measure) =>
    (Object.keys(bounds) as (keyof Measure)[]).filter((name) => measure[name] > bounds[name].max),
  )
  return [...exceeded.map(tooMany), ...(valueDepth(document) > routerLimits.writtenValueDepthMax ? [tooDeep()] : [])]
}

function tooDeep(): GraphQLError {
  const max = routerLimits.writtenValueDepthMax
  const message = `A value in the operation nests too deep: at most ${max} objects and lists are allowed; use variables`
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', limit: 'valueDepth', max } })
}

function tooMany(limit: keyof Measure): GraphQLError {
  const { max, what } = bounds[limit]
  const message = `The operation has too many ${what}: with fragments written out at most ${max} are allowed`
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', limit, max } })
}
