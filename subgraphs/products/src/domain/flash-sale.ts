import { timeAfter } from '@pasar/shared/expectations'
import { limits } from '@pasar/shared/limits'
import type { Texts } from '@pasar/shared/locale'
import type { Minor } from '@pasar/shared/money'
import { BadInput } from '@pasar/shared/problems'
import { bounds } from './bounds.ts'
import { optionally, parseWhole } from './input.ts'
import { parsePrice } from './variant.ts'

/** States of a flash sale: it waits, runs and is over; its seller ends it before that, or it would not be cheaper. */
export type FlashSaleState = 'SCHEDULED' | 'RUNNING' | 'ENDED' | 'CANCELLED'

/** When a price is lower, and what it is then. */
export interface FlashSaleTerms {
  readonly price: Minor
  readonly startsAt: Date
  readonly endsAt: Date
  /** How many may be sold at this price, and to one account; null without a limit. */
  readonly units: number | null
  readonly unitsPerBuyer: number | null
}

/** The same as a client sends it; without a beginning it begins now. */
export interface RawFlashSaleTerms {
  readonly price: bigint
  readonly startsAt?: Date | null
  readonly endsAt: Date
  readonly units?: number | null
  readonly unitsPerBuyer?: number | null
}

const hourMs = 3_600_000

const atMostAhead: Texts = {
  id: `waktu mulai sekarang, paling lama ${bounds.flashSaleDaysAheadMax} hari ke depan`,
  en: `a time from now on, at most ${bounds.flashSaleDaysAheadMax} days ahead`,
}
const atMostLong: Texts = {
  id: `paling lama ${bounds.flashSaleHoursMax} jam setelah startsAt`,
  en: `at most ${bounds.flashSaleHoursMax} hours after startsAt`,
}

/** Refuses a beginning that has passed: who sends a flash sale again after it has begun is told before that if it is there. */
export function refusePast({ startsAt }: FlashSaleTerms, now: Date): void {
  if (startsAt < now) throw new BadInput('startsAt', atMostAhead)
}

/** Checks when, for how much and for how many, but not whether that has passed. */
export function parseFlashSale({ price, startsAt, endsAt, ...raw }: RawFlashSaleTerms, now: Date): FlashSaleTerms {
  const from = startsAt ?? now
  const ahead = from.getTime() - now.getTime()
  if (ahead > bounds.flashSaleDaysAheadMax * 24 * hourMs) throw new BadInput('startsAt', atMostAhead)
  const lasts = endsAt.getTime() - from.getTime()
  if (lasts <= 0) throw new BadInput('endsAt', timeAfter('startsAt'))
  if (lasts > bounds.flashSaleHoursMax * hourMs) throw new BadInput('endsAt', atMostLong)
  return {
    price: parsePrice(price),
    startsAt: from,
    endsAt,
    units: optionally(raw.units, (units) => parseWhole(units, 'units', [1, bounds.unitsMax])) ?? null,
    unitsPerBuyer:
      optionally(raw.unitsPerBuyer, (units) => parseWhole(units, 'unitsPerBuyer', [1, limits.cartQuantityMax])) ?? null,
  }
}
