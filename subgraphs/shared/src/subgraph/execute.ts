import {
  execute,
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql'
import { openRecent } from '../flow/recent.ts'
import type { RequestIdentity } from '../identity/viewer.ts'
import { limits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { ErrorCode } from '../problems.ts'
import { refuseLong } from './answer-size.ts'
import { maskErrors } from './mask.ts'
import type { Operation } from './operation.ts'

/** Why an operation is not executed: what graphql-js found, and what kind of fault that is. */
interface Unfit {
  readonly code: ErrorCode
  readonly errors: readonly GraphQLError[]
}

/** Texts of operations that documents are kept of: the router sends the same ones over and over. */
const keptCharactersMax = 512 * 1024

/** Executes operations on a schema, each with a context of its own; what it answers with may be told. */
export function openExecute(schema: GraphQLSchema, log: Log) {
  const documentOf = openDocuments(schema)
  return async (
    { query, operationName, variables = {} }: Operation,
    context: RequestIdentity,
  ): Promise<FormattedExecutionResult> => {
    const { requestId, locale } = context
    const mask = (errors: readonly GraphQLError[], code?: ErrorCode) =>
      maskErrors(errors.map(asTold(code)), errors, { log, requestId, locale })
    const document = documentOf(query)
    if ('code' in document) return { errors: mask(document.errors, document.code) }
    const operation = getOperationAST(document, operationName)
    if (!operation)
      return { errors: mask([new GraphQLError('There is no operation of that name')], 'OPERATION_RESOLUTION_FAILURE') }
    const request = { schema, document, operationName: operationName ?? null, variableValues: variables, contextValue: context }
    const { data, errors = [] } = await execute(request)
    if (data === undefined) return { errors: mask(errors, 'BAD_USER_INPUT') }
    const refused = refuseLong(context, operation.operation, data)
    if (refused) return { data: null, errors: [refused.told(locale)] }
    // Of the same that failed in tens of thousands of places, the first says it all.
    if (errors.length > limits.answerErrorsMax) return { data: null, errors: mask(errors.slice(0, 1)) }
    return errors.length === 0 ? { data } : { data, errors: mask(errors) }
  }
}

/** What is wrong with an operation says so by a code; what a field throws brings its own. */
const asTold =
  (code: ErrorCode | undefined) =>
  (error: GraphQLError): GraphQLFormattedError => {
    const formatted = error.toJSON()
    return code === undefined ? formatted : { ...formatted, extensions: { code, ...formatted.extensions } }
  }

/** Parses and validates operations, each text once as long as it is remembered. */
function openDocuments(schema: GraphQLSchema): (query: string) => DocumentNode | Unfit {
  const kept = openRecent<DocumentNode>(keptCharactersMax)
  return (query) => {
    const known = kept.get(query)
    if (known) return known
    const document = parsed(query)
    if ('code' in document) return document
    const errors = validate(schema, document)
    if (errors.length > 0) return { code: 'GRAPHQL_VALIDATION_FAILED', errors }
    kept.set(query, document)
    return document
  }
}

function parsed(query: string): DocumentNode | Unfit {
  try {
    return parse(query)
  } catch (error) {
    if (error instanceof GraphQLError) return { code: 'GRAPHQL_PARSE_FAILED', errors: [error] }
    throw error
  }
}
