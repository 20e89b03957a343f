import { limits } from '@pasar/shared/limits'
import { bounds } from './bounds.ts'
import { optionally, parseText, parseWhole } from './input.ts'

/** What a buyer says of a product. */
export interface ReviewFields {
  readonly rating: number
  readonly text: string
  readonly authorName: string | null
}

/** Stars as a client names them. */
export const parseStars = (rating: number): number => parseWhole(rating, 'rating', [1, 5])

/** A review as a client sends it. */
export const parseReview = (raw: {
  readonly rating: number
  readonly text: string
  readonly authorName?: string | null
}): ReviewFields => ({
  rating: parseStars(raw.rating),
  text: parseText(raw.text, 'text', { min: 0, max: limits.textCharactersMax }),
  authorName: optionally(raw.authorName, (name) => parseText(name, 'authorName', { max: 100 })) ?? null,
})

/** What a shop answers, as a client sends it; null takes the answer back. */
export const parseAnswer = (raw: string): string | null =>
  parseText(raw, 'text', { min: 0, max: bounds.answerCharactersMax }) || null

/** What reviews of so many stars add to how many gave one, two, … five of them. */
export const starsOf = (rating: number, reviews = 1): readonly number[] =>
  [1, 2, 3, 4, 5].map((stars) => (stars === rating ? reviews : 0))

/** Average of the stars that so many reviews give together. */
export const averageOf = (stars: number, count: number): number | null =>
  count === 0 ? null : Math.round((100 * stars) / count) / 100

/** Summary of reviews, given how many gave one, two, … five stars. */
export function summarize(counts: readonly number[]) {
  const count = counts.reduce((sum, n) => sum + n, 0)
  const stars = counts.reduce((sum, n, index) => sum + n * (index + 1), 0)
  return {
    average: averageOf(stars, count),
    count,
    distribution: counts.map((n, index) => ({ rating: index + 1, count: n })).toReversed(),
  }
}
