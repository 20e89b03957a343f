import { GraphQLError, type GraphQLErrorOptions, type GraphQLFormattedError } from 'graphql'
import type { Locale } from '../locale.ts'
import { CodedError } from '../problems.ts'

/** The failure of ours that a GraphQL error carries. Where graphql-js put words of its own around it, it speaks to developers. */
export function carried(error: GraphQLError): CodedError | undefined {
  let cause: unknown = error
  while (cause instanceof GraphQLError) cause = cause.originalError
  return cause instanceof CodedError && cause.message === error.message ? cause : undefined
}

/** A GraphQL error in its reader's language; what graphql-js itself finds wrong with an operation stays English. */
export const toldError = (error: GraphQLError, locale: Locale): GraphQLFormattedError => ({
  ...error.toJSON(),
  ...carried(error)?.told(locale),
})

/** A failure of ours as a GraphQL error, which is told in its reader's language when it leaves. */
export const graphqlError = (cause: CodedError, place: Pick<GraphQLErrorOptions, 'path' | 'nodes'> = {}): GraphQLError =>
  new GraphQLError(cause.message, { ...place, originalError: cause })
