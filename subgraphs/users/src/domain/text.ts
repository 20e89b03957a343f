import { characters, plainText } from '@pasar/shared/expectations'
import { BadInput } from '@pasar/shared/problems'

/** Where a text came from and how long it may be. */
export interface TextRule {
  readonly field: string
  readonly max: number
  readonly min?: number
  /** Line breaks and tabs may stay. */
  readonly lines?: boolean
}

/**
 * Whether a text may fit once it is normalized, which takes long for a long one, and longer for one of accents. A character of the normalized
 * text comes from at most four units of what was typed.
 */
export const fitsNormalized = (raw: string, max: number): boolean => raw.length <= 4 * max

/** A text without surrounding space, in one Unicode form; throws BadInput naming the field. */
export function parseText(raw: string, { field, max, min = 1, lines = false }: TextRule): string {
  const bare = raw.trim()
  if (!fitsNormalized(bare, max)) throw new BadInput(field, characters(min, max))
  const text = bare.normalize('NFC')
  const length = Array.from(text).length
  if (length < min || length > max) throw new BadInput(field, characters(min, max))
  if ((lines ? /[^\P{Cc}\n\r\t]|\p{Cs}/u : /[\p{Cc}\p{Cs}]/u).test(text)) throw new BadInput(field, plainText)
  return text
}
