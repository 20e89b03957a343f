import { inEveryLanguage, type Locale, type Texts } from './locale.ts'

/** Stable codes of failures that reach a client as GraphQL errors; anything else is masked as INTERNAL_SERVER_ERROR. */
export const errorCodes = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'CONFLICT',
  'NOT_FOUND',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'SUBSCRIPTION_UPSTREAM_LOST',
  'SUBSCRIPTION_TOO_SLOW',
  'SUBSCRIPTION_SCHEMA_RELOAD',
  'SUBSCRIPTION_GOING_AWAY',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_IN_LIST',
  'PERSISTED_QUERY_HASH_MISMATCH',
  'BAD_REQUEST',
  'COST_ESTIMATED_TOO_EXPENSIVE',
] as const

/** One of the codes above, or the one that everything else is masked with. */
export type ErrorCode = (typeof errorCodes)[number] | 'INTERNAL_SERVER_ERROR'

/** What a client learns beside code and sentence: facts for programs, and for people what was expected. */
export type ErrorFacts = Readonly<Record<string, unknown>> & { readonly expected?: Texts }

/** A failure as its reader gets it. */
export interface Told {
  readonly message: string
  readonly extensions: { readonly code: ErrorCode } & Readonly<Record<string, unknown>>
}

/**
 * A failure with a stable code, a sentence in every language, and facts that a client may see. By itself it is English, for logs and
 * developers, and so graphql-js carries it; whoever answers a client tells it in the client's language.
 */
export class CodedError extends Error {
  readonly extensions: Told['extensions']
  readonly #texts: Texts
  readonly #facts: ErrorFacts
  constructor(code: ErrorCode, texts: Texts, facts: ErrorFacts = {}) {
    super(texts.en)
    this.name = new.target.name
    this.#texts = texts
    this.#facts = { code, ...facts }
    this.extensions = this.told('en').extensions
  }
  /** The same failure in a reader's language. */
  told(locale: Locale): Told {
    const { expected, ...facts } = this.#facts
    const extensions = { ...facts, ...(expected && { expected: expected[locale] }) } as Told['extensions']
    return { message: this.#texts[locale], extensions }
  }
}

/** Input that cannot mean anything: names the field and what was expected of it. */
export class BadInput extends CodedError {
  readonly field: string
  readonly expected: Texts
  constructor(field: string, expected: Texts) {
    const verbs: Texts = { id: 'diharapkan', en: 'expected' }
    const texts = inEveryLanguage((locale) => `${field}: ${verbs[locale]} ${expected[locale]}`)
    super('BAD_USER_INPUT', texts, { field, expected })
    this.field = field
    this.expected = expected
  }
}

/** Parses a part of an input: what is wrong with a field of it is told under the part's name as well, as in `lines.quantity`. */
export function inPart<T>(part: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw error instanceof BadInput ? new BadInput(`${part}.${error.field}`, error.expected) : error
  }
}

/** The operation needs a signed-in account. */
export class NotSignedIn extends CodedError {
  constructor(texts: Texts = { id: 'Masuk dulu', en: 'Sign in first' }) {
    super('UNAUTHENTICATED', texts)
  }
}

/** The viewer may not do this. */
export class Forbidden extends CodedError {
  constructor(texts: Texts = { id: 'Anda tidak berhak melakukan ini', en: 'You may not do this' }) {
    super('FORBIDDEN', texts)
  }
}

/** The row changed while the command decided. */
export class Conflict extends CodedError {
  constructor(texts: Texts) {
    super('CONFLICT', texts)
  }
}

const silentPart: Texts = {
  id: 'Bagian pasar ini sedang tidak menjawab',
  en: 'A part of the market does not answer right now',
}

/** A part of the market that is needed does not answer now; the same request may succeed later. Only the log learns which part. */
export class Unavailable extends CodedError {
  constructor(what: string, texts: Texts = silentPart) {
    super('SERVICE_UNAVAILABLE', texts, { retryable: true })
    this.message = `${what} does not answer right now`
  }
}

/** Whether a failure is such an absence, also where it was told over the wire. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof CodedError && error.extensions.code === 'SERVICE_UNAVAILABLE'

/** A failure that is our fault, as a client is told of it: nothing but the facts that help to find it in the log. */
export const internalError = (facts: ErrorFacts = {}): CodedError =>
  new CodedError('INTERNAL_SERVER_ERROR', { id: 'Terjadi kesalahan di pihak kami', en: 'Internal server error' }, facts)

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
