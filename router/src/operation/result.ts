import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'

/** A result on its way to a client, its data written already. Without data, the operation was refused before it ran. */
export interface RouterResult {
  /** JSON text. */
  readonly data?: string | null
  readonly errors?: readonly GraphQLFormattedError[]
}

/** The result as the text that clients get. */
export function resultText({ data, errors }: RouterResult): string {
  const told = errors && errors.length > 0 ? `"errors":${JSON.stringify(errors)}` : undefined
  if (data === undefined) return `{${told ?? ''}}`
  return told === undefined ? `{"data":${data}}` : `{"data":${data},${told}}`
}

/** The result as objects. */
export function resultObject({ data, errors }: RouterResult): FormattedExecutionResult {
  const read = typeof data === 'string' ? (JSON.parse(data) as Record<string, unknown>) : data
  return { ...(read !== undefined && { data: read }), ...(errors && errors.length > 0 && { errors }) }
}
