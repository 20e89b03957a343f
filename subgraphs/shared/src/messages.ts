import type { Locale } from './locale.ts'

/** A sentence for people in both languages, made from a problem's fields. */
export type Message = Readonly<Record<Locale, string | ((fields: Readonly<Record<string, unknown>>) => string)>>

/** The sentences of a subgraph's problems, by type name. */
export type Messages = Readonly<Record<string, Message>>

/** Problems that every subgraph has. */
export const commonMessages: Messages = {
  IdempotencyKeyReused: {
    id: 'Kunci idempotensi ini sudah dipakai dengan masukan lain. Pakai kunci baru.',
    en: 'This idempotency key was already used with another input. Use a new key.',
  },
}

/** The sentence for one problem. */
export function messageFor(
  messages: Messages,
  locale: Locale,
  { __typename, ...fields }: { readonly __typename: string },
): string {
  const text = messages[__typename]?.[locale]
  if (text === undefined) throw new Error(`no text for the problem ${__typename}`)
  return typeof text === 'string' ? text : text(fields)
}
