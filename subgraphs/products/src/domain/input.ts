import { parseBoundedText } from '@pasar/shared/bounded-text'
import { wholeNumber } from '@pasar/shared/expectations'
import { limits } from '@pasar/shared/limits'
import { BadInput } from '@pasar/shared/problems'

/** Bounds of a text that a person writes. */
export interface TextBounds {
  readonly min?: number
  readonly max?: number
}

/** A trimmed text within its bounds (1 to 200 characters unless told otherwise). */
export function parseText(raw: string, field: string, { min = 1, max = limits.nameCharactersMax }: TextBounds = {}): string {
  return parseBoundedText(raw, field, [min, max])
}

/** A whole number within its bounds. */
export function parseWhole(value: number, field: string, [min, max]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new BadInput(field, wholeNumber(min, max))
}

/** A list that is not longer than it may be. */
export function parseList<T>(values: readonly T[], field: string, [min, max]: readonly [number, number]): readonly T[] {
  if (values.length >= min && values.length <= max) return values
  throw new BadInput(field, { id: `${min} sampai ${max} entri`, en: `${min} to ${max} entries` })
}

/** Parses a value that may be absent: null and undefined both mean that nothing was said. */
export const optionally = <T, U>(value: T | null | undefined, parse: (value: T) => U): U | undefined =>
  value == null ? undefined : parse(value)

/** The entries that were said: what is undefined is left out. */
export const said = <T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
