import type { Texts } from '@pasar/shared/locale'
import { BadInput } from '@pasar/shared/problems'
import { bounds } from './bounds.ts'
import { optionally, parseText, parseWhole } from './input.ts'

/** Reasons for which a seller adjusts stock. */
export type AdjustmentReason = 'RECEIVED' | 'COUNTED' | 'DAMAGED' | 'LOST' | 'CORRECTED'

/** Why stock changed. */
export type MovementKind = AdjustmentReason | 'IMPORTED' | 'SALE' | 'RETURN' | 'RESERVED' | 'RELEASED' | 'EXPIRED'

/** A difference, or the number of units that are there now. */
export type Adjustment = { readonly delta: number } | { readonly onHand: number }

/** Units of a variant in a warehouse. */
export interface Level {
  readonly onHand: number
  readonly reserved: number
}

/** The adjustment in a client's input: exactly one of the two ways to say it. */
export function parseAdjustment(raw: { readonly delta?: number | null; readonly onHand?: number | null }): Adjustment {
  if ((raw.delta == null) === (raw.onHand == null))
    throw new BadInput('delta', { id: 'delta atau onHand, salah satu', en: 'either delta or onHand' })
  if (raw.onHand != null) return { onHand: parseWhole(raw.onHand, 'onHand', [0, bounds.unitsMax]) }
  const delta = parseWhole(raw.delta!, 'delta', [-bounds.unitsMax, bounds.unitsMax])
  if (delta === 0) throw new BadInput('delta', { id: 'angka selain 0', en: 'a number other than 0' })
  return { delta }
}

/** The seller's remark on an adjustment. */
export const parseNote = (raw: string | null | undefined): string | undefined =>
  optionally(raw, (note) => parseText(note, 'note', { min: 0 }) || undefined)

const unitsThatFit: Texts = {
  id: `paling banyak ${bounds.unitsMax} unit di satu gudang`,
  en: `at most ${bounds.unitsMax} units in a warehouse`,
}

/** The level after an adjustment, or undefined when it would fall below what checkouts hold. */
export function adjusted({ onHand, reserved }: Level, adjustment: Adjustment): number | undefined {
  const after = 'delta' in adjustment ? onHand + adjustment.delta : adjustment.onHand
  if (after > bounds.unitsMax) throw new BadInput('delta', unitsThatFit)
  return after >= reserved ? after : undefined
}
