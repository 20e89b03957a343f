import { characters, plainText } from './expectations.ts'
import { BadInput } from './problems.ts'

/** NUL and halves of characters: what PostgreSQL cannot hold as text, or not in JSON. */
const unkeepable = /[\0\p{Cs}]/u

/** Refuses a text that no database could keep as it is. */
export function refuseUnkeepable(text: string, field: string): void {
  if (unkeepable.test(text)) throw new BadInput(field, plainText)
}

/** The beginning of a text, at most this long, without half of a character at its end. */
export const beginningOf = (text: string, most: number): string => text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')

/** The end of a text, likewise. */
export const endOf = (text: string, most: number): string => text.slice(-most).replace(/^[\uDC00-\uDFFF]/, '')

/** A text that a person writes: without surrounding space, within its bounds, and such that it can be kept. */
export function parseBoundedText(raw: string, field: string, [min, max]: readonly [number, number]): string {
  const text = raw.trim()
  if (text.length < min || text.length > max) throw new BadInput(field, characters(min, max))
  refuseUnkeepable(text, field)
  return text
}

/** A text as a part of a pattern of LIKE: what means something there stands for itself. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/** What LIKE finds a text by, wherever it stands. */
export const likeAnywhere = (text: string): string => `%${likeText(text)}%`

/** The same for each word of a text. */
export const likeEach = (text: string): readonly string[] => [...new Set(text.split(/\s+/u))].map(likeAnywhere)
