import { idParser, idPrefixes } from '@pasar/shared/ids'
import { BadInput } from '@pasar/shared/problems'
import { bounds } from './bounds.ts'
import { optionally, parseText } from './input.ts'

/** What somebody may find wrong with a product or a review. */
export type ReportReason =
  'COUNTERFEIT' | 'PROHIBITED' | 'UNSAFE' | 'MISLEADING' | 'OFFENSIVE' | 'PERSONAL_DATA' | 'SPAM' | 'OTHER'

/** What became of a report. */
export type ReportOutcome = 'TAKEN_DOWN' | 'DISMISSED'

/** What a report is about, as a client sends it: one of the two. */
export interface RawSubject {
  readonly productId?: string | null
  readonly reviewId?: string | null
}

/** The id of the product or the review that is meant. */
export function parseSubject({ productId, reviewId }: RawSubject): string {
  if (productId != null && reviewId == null) return idParser('product')(productId, 'productId')
  if (reviewId != null && productId == null) return idParser('review')(reviewId, 'reviewId')
  throw new BadInput('productId', { id: 'salah satu dari productId dan reviewId', en: 'one of productId and reviewId' })
}

/** Whether a report is about a product, and not about a review. */
export const isOfProduct = (subjectId: string): boolean => subjectId.startsWith(`${idPrefixes.product}_`)

/** What somebody adds to the reason. */
export const parseReportNote = (raw: string | null | undefined): string | null =>
  optionally(raw, (note) => parseText(note, 'note', { min: 0, max: bounds.reportNoteCharactersMax })) || null
