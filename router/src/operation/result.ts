import type { GraphQLFormattedError } from 'graphql'

/** A result on its way to a client, its data written already. Without data, the operation was refused before it ran. */
export interface RouterResult {
  /** JSON text. */
  readonly data?: string | null
  readonly errors?: readonly GraphQLFormattedError[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** The result as the text that clients get. */
export function resultText({ data, errors, extensions }: RouterResult): string {
  if (data !== undefined && !errors && !extensions) return `{"data":${data}}`
  const parts = [
    ...(data === undefined ? [] : [`"data":${data}`]),
    ...(errors && errors.length > 0 ? [`"errors":${JSON.stringify(errors)}`] : []),
    ...(extensions ? [`"extensions":${JSON.stringify(extensions)}`] : []),
  ]
  return `{${parts.join(',')}}`
}
