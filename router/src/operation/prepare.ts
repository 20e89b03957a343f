import { beginningOf, endOf } from '@pasar/shared/bounded-text'
import { openRecent } from '@pasar/shared/flow/recent'
import type { Texts } from '@pasar/shared/locale'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import {
  Source,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  visit,
  type DocumentNode,
} from 'graphql'
import type { LoadedGraph } from '../gateway.ts'
import { checkSize } from '../safety/check-size.ts'
import { FiniteNumbersRule } from '../safety/finite-numbers.ts'
import { refuseIncremental } from '../safety/incremental.ts'
import { routerLimits } from '../safety/limits.ts'
import type { AliasGuard, Guarded } from './private-aliases.ts'
import { fragmentsOf, operationsOf, rootSelections } from './root-selections.ts'

/** A document that is within limits and valid. */
export interface Prepared {
  /** As the client wrote it. */
  readonly document: DocumentNode
  /** As it is planned. */
  readonly guarded: Guarded
}

/** What documents are held against. */
export interface PrepareOptions {
  readonly graph: Pick<LoadedGraph, 'schema'>
  readonly guard: AliasGuard
  /** Whether the schema is a secret: no introspection, no suggestions. */
  readonly production: boolean
}

/** Prepares documents and remembers the good ones, those that are `listed` for good. Returns errors for anything that may not be planned. */
export function openPrepare(options: PrepareOptions) {
  const recent = openRecent<Prepared>(routerLimits.preparedCharactersMax)
  const kept = new Map<string, Prepared>()
  const known = (query: string) => kept.get(query) ?? recent.get(query)
  const prepare = (query: string): Prepared | readonly GraphQLError[] => {
    const before = known(query)
    if (before) return before
    const prepared = prepareDocument(options, query)
    if ('document' in prepared) recent.set(query, prepared)
    return prepared
  }
  const listed = (query: string) => {
    const prepared = kept.get(query) ?? prepareDocument(options, query)
    if ('document' in prepared) kept.set(query, prepared)
    return prepared
  }
  return Object.assign(prepare, { known, listed })
}

/** From cheap to dear: what one step refuses costs nothing in the next. */
function prepareDocument(
  { graph: { schema }, guard, production }: PrepareOptions,
  query: string,
): Prepared | readonly GraphQLError[] {
  const document = parseWithin(query)
  if (document instanceof GraphQLError) return [document]
  const refused = [...checkSize(document), ...refuseIncremental(schema, document), ...conditionalSubscriptions(document)]
  if (refused.length > 0) return refused
  const rules = [...specifiedRules, FiniteNumbersRule, ...(production ? [NoSchemaIntrospectionCustomRule] : [])]
  const invalid = validate(schema, document, rules, { maxErrors: routerLimits.validationErrorsMax })
  if (invalid.length > 0) return invalid.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED', production))
  return { document: withoutTokens(document), guarded: guard(document) }
}

const noTokens = { startToken: undefined, endToken: undefined }

/** Lets go of the tokens of what is kept, for which nobody asks once it is parsed: where its nodes stand in the text, errors go on telling. */
const withoutTokens = (document: DocumentNode): DocumentNode =>
  visit(document, { enter: ({ loc }) => void (loc && Object.assign(loc, noTokens)) })

const tooDeep: Texts = { id: 'Operasi bersarang terlalu dalam', en: 'The operation nests too deep' }
const conditional: Texts = {
  id: 'Langganan tidak boleh memakai @skip atau @include di field akarnya',
  en: 'A subscription may not use @skip or @include on its root field',
}

function parseWithin(query: string): DocumentNode | GraphQLError {
  try {
    return parse(new Source(query), { maxTokens: routerLimits.tokensMax })
  } catch (error) {
    if (error instanceof GraphQLError) return coded(error, 'GRAPHQL_PARSE_FAILED', false)
    // Values nested thousands deep exhaust the parser's stack within the tokens that are allowed.
    if (error instanceof RangeError) return graphqlError(new CodedError('GRAPHQL_PARSE_FAILED', tooDeep))
    throw error
  }
}

/** graphql-js throws on these while it validates, and the planner cannot plan them; the specification forbids them. */
function conditionalSubscriptions(document: DocumentNode): GraphQLError[] {
  const fragments = fragmentsOf(document)
  return operationsOf(document)
    .filter(({ operation }) => operation === OperationTypeNode.SUBSCRIPTION)
    .flatMap((operation) => rootSelections(operation, fragments))
    .filter(({ directives }) => directives?.some(({ name }) => name.value === 'skip' || name.value === 'include'))
    .map((nodes) => graphqlError(new CodedError('GRAPHQL_VALIDATION_FAILED', conditional), { nodes }))
}

/** Whatever a client has written may stand before it: looked for from there, a long value with the same words in it would take minutes. */
function withoutSuggestion(message: string): string {
  const at = message.endsWith('?') ? message.lastIndexOf('Did you mean ') : -1
  return at < 0 ? message : message.slice(0, at).trimEnd()
}

/** graphql-js repeats a wrong value in what it says of it, and of an object all of it with each of its fields: what is wrong stands at the end. */
function shortened(message: string): string {
  const half = routerLimits.errorCharactersMax / 2
  return message.length <= 2 * half ? message : `${beginningOf(message, half)} … ${endOf(message, half)}`
}

/** The same error with a stable code; `discreet` takes out the suggestions, which spell names of a secret schema. */
export function coded(error: GraphQLError, code: string, discreet: boolean): GraphQLError {
  const message = shortened(discreet ? withoutSuggestion(error.message) : error.message)
  const { nodes = null, source = null, positions = null, path = null, originalError = null, extensions } = error
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions: { ...extensions, code } })
}
