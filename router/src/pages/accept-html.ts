import { acceptedValues } from '@pasar/shared/accept'

const jsonTypes: readonly string[] = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
]

/** True for a browser that was pointed at the address; false for a client that wants an operation's result, `*\/*` included. */
export function prefersHtml(accept: string | undefined): boolean {
  const accepted = acceptedValues(accept).filter(({ quality }) => quality > 0)
  return accepted.find(({ value }) => value === 'text/html' || jsonTypes.includes(value))?.value === 'text/html'
}
