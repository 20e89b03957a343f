import { exactWholeNumber, oneOf, textWithin } from '@pasar/shared/expectations'
import { minorUnits, type Minor } from '@pasar/shared/money'
import { BadInput } from '@pasar/shared/problems'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Fields } from './http-call.ts'

/** The longest field of a notification that we read is a SHA-512 in hex. */
const charactersMax = 128

/** Whether a value is a text that a provider's field may hold. */
export const isFieldText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= charactersMax

/** A text of any length that is not empty; undefined for anything else. */
export const someText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** A text field of a provider's JSON; absent fields are null, anything else is refused by name. */
export function textField(fields: Fields, name: string): string | null {
  const value = fields[name]
  if (value === undefined || value === null) return null
  if (!isFieldText(value)) throw new BadInput(name, textWithin(1, charactersMax))
  return value
}

/** A text field that must be there. */
export function needed(fields: Fields, name: string): string {
  const value = textField(fields, name)
  if (value === null) throw new BadInput(name, { id: 'sebuah nilai', en: 'a value' })
  return value
}

/** Refuses what is told of in another currency than the market's: its amounts are no rupiah. */
export function needRupiah(fields: Fields): void {
  const currency = textField(fields, 'currency')
  if (currency !== null && currency !== 'IDR') throw new BadInput('currency', oneOf(['IDR']))
}

/** Whole rupiah from a JSON number. */
export function amountField(fields: Fields, name: string): Minor {
  const value = fields[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new BadInput(name, exactWholeNumber)
  return minorUnits(value, name)
}

/** Whether two secrets are the same; takes the same time wherever they differ, and however long the given one is. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
