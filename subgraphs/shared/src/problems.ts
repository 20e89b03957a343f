/** Stable codes of failures that reach a client as GraphQL errors; anything else is masked as INTERNAL_SERVER_ERROR. */
export const errorCodes = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'CONFLICT',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
] as const

/** One of the codes above. */
export type ErrorCode = (typeof errorCodes)[number]

/** A failure with a stable code and details that a client may see. graphql-js carries `extensions` into the response. */
export class CodedError extends Error {
  readonly extensions: { readonly code: ErrorCode } & Record<string, unknown>
  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.name = new.target.name
    this.extensions = { code, ...details }
  }
}

/** Input that cannot mean anything: names the field and what was expected of it. */
export class BadInput extends CodedError {
  constructor(field: string, expected: string) {
    super('BAD_USER_INPUT', `${field}: expected ${expected}`, { field, expected })
  }
}

/** The operation needs a signed-in account. */
export class NotSignedIn extends CodedError {
  constructor(message = 'Sign in first') {
    super('UNAUTHENTICATED', message)
  }
}

/** The viewer may not do this. */
export class Forbidden extends CodedError {
  constructor(message = 'You may not do this') {
    super('FORBIDDEN', message)
  }
}

/** The row changed while the command decided. */
export class Conflict extends CodedError {
  constructor(message: string) {
    super('CONFLICT', message)
  }
}

/** A part of the market that is needed does not answer now; the same request may succeed later. */
export class Unavailable extends CodedError {
  constructor(what: string) {
    super('SERVICE_UNAVAILABLE', `${what} does not answer right now`, { retryable: true })
  }
}

/** An expected failure as a member of a result union: `code` is the type's name in capitals. */
export type Problem<T extends string, F extends object> = { readonly __typename: T; readonly code: string } & Readonly<F>

/** Makes an expected failure: `problem('OutOfStock', { variantId })` has the code OUT_OF_STOCK. */
export const problem = <T extends string, F extends object>(typename: T, fields: F): Problem<T, F> => ({
  ...fields,
  __typename: typename,
  code: codeOf(typename),
})

/** OUT_OF_STOCK for OutOfStock. */
export const codeOf = (typename: string): string => typename.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()

/** Whether a command's result is a refusal, that is, a problem and not the success it hoped for. */
export const isRefusal = (result: object): boolean => 'code' in result
