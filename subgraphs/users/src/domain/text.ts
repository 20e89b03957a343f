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

/** A text without surrounding space, in one Unicode form; throws BadInput naming the field. */
export function parseText(raw: string, { field, max, min = 1, lines = false }: TextRule): string {
  const text = raw.normalize('NFC').trim()
  const length = Array.from(text).length
  if (length < min || length > max) throw new BadInput(field, characters(min, max))
  if ((lines ? /[^\P{Cc}\n\r\t]|\p{Cs}/u : /[\p{Cc}\p{Cs}]/u).test(text)) throw new BadInput(field, plainText)
  return text
}
