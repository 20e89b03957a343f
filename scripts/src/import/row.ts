import { bounds } from '@pasar/products/domain/bounds'
import { beginningOf } from '@pasar/shared/bounded-text'
import { limits } from '@pasar/shared/limits'
import type { Regency } from '@pasar/shared/regions'
import { findPlace, type FoundPlace } from './places.ts'

/** The columns of the file, in their order. Those that are not named below are not kept. */
export const columns = [
  'Category',
  'Product Name',
  'Location',
  'Price',
  'Overall Rating',
  'Number Sold',
  'Total Review',
  'Customer Rating',
  'Customer Review',
  'Sentiment',
  'Emotion',
] as const

type Column = (typeof columns)[number]

/** A row that can be imported: one review of one product. */
export interface Row {
  readonly line: number
  readonly category: string
  readonly name: string
  /** The place as it is written, without superfluous blanks: what identifies products and shops. */
  readonly location: string
  readonly regency: Regency
  readonly price: bigint
  readonly sold: number
  readonly rating: number
  readonly review: string
}

/** Why a row cannot be imported. */
export interface RowProblem {
  readonly line: number
  readonly reason: string
}

/** Carries the reason out of the parsers. */
class Unusable extends Error {}

/** A text in one Unicode form, with single blanks. */
const plain = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()

function parseName(raw: string, column: Column): string {
  const text = plain(raw)
  if (text === '') throw new Unusable(`${column} is empty`)
  if (text.length > limits.nameCharactersMax)
    throw new Unusable(`${column} is longer than ${limits.nameCharactersMax} characters`)
  return text
}

/** Files name few places many times. */
const placesKeptMax = 5_000
const places = new Map<string, FoundPlace>()

function placeOf(raw: string): FoundPlace {
  const known = places.get(raw)
  if (known) return known
  const found = findPlace(raw)
  if (places.size < placesKeptMax) places.set(raw, found)
  return found
}

function parseRegency(raw: string): Regency {
  const found = placeOf(raw)
  if ('regency' in found) return found.regency
  throw new Unusable(`Location ${quoted(raw)} ${found.reason}`)
}

function parsePrice(raw: string): bigint {
  const text = raw.trim()
  const price = /^\d{1,20}$/.test(text) ? BigInt(text) : 0n
  if (price >= 1n && price <= bounds.priceMax) return price
  throw new Unusable(`Price ${quoted(raw)} is not a whole number of rupiah from 1 to ${bounds.priceMax}`)
}

function parseRating(raw: string): number {
  const text = raw.trim()
  if (/^[1-5]$/.test(text)) return Number(text)
  throw new Unusable(`Customer Rating ${quoted(raw)} is not a whole number from 1 to 5`)
}

/** How many were sold only sorts lists: what is no number of the database counts as none. */
const parseSold = (raw: string): number => (/^\d{1,9}$/.test(raw.trim()) ? Number(raw) : 0)

function parseReview(raw: string): string {
  const text = raw.normalize('NFC').replaceAll('\0', '').trim()
  if (text.length <= limits.textCharactersMax) return text
  throw new Unusable(`Customer Review is longer than ${limits.textCharactersMax} characters`)
}

const shownCharactersMax = 60

/** A wrong value as it is shown: control characters of a file must not reach a terminal. */
function quoted(raw: string): string {
  const text = plain(raw)
  return `"${text.length > shownCharactersMax ? `${beginningOf(text, shownCharactersMax)}…` : text}"`
}

/** The row in the cells of a record, or why there is none. */
export function parseRow(line: number, cells: readonly string[]): Row | RowProblem {
  const of = (column: Column) => cells[columns.indexOf(column)] ?? ''
  try {
    return {
      line,
      category: parseName(of('Category'), 'Category'),
      name: parseName(of('Product Name'), 'Product Name'),
      location: plain(of('Location')),
      regency: parseRegency(of('Location')),
      price: parsePrice(of('Price')),
      sold: parseSold(of('Number Sold')),
      rating: parseRating(of('Customer Rating')),
      review: parseReview(of('Customer Review')),
    }
  } catch (error) {
    if (error instanceof Unusable) return { line, reason: error.message }
    throw error
  }
}
