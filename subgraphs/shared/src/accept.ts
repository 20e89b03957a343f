import { remembered } from './flow/remembered.ts'

/** One value of an Accept or Accept-Language header, in lower case, with its quality from 0 to 1. */
export type AcceptedValue = { readonly value: string; readonly quality: number }

/** No browser sends more; the rest of a longer header is not read. */
const valuesMax = 32

/** Parses an Accept-like header, best first; equal qualities keep the header's order. Qualities that do not parse count as 0. */
export const acceptedValues = (header: string | undefined): readonly AcceptedValue[] =>
  header === undefined ? [] : parseValues(header)

const parseValues = remembered(1_000, (header: string) =>
  header
    .split(',', valuesMax)
    .map(acceptedValue)
    .filter(({ value }) => value !== '')
    .toSorted((a, b) => b.quality - a.quality),
)

function acceptedValue(part: string): AcceptedValue {
  const [value = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  return { value, quality: quality === undefined ? 1 : parseQuality(quality.slice(2)) }
}

function parseQuality(text: string): number {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0
}
