import { timeAfter, wholeNumber } from '@pasar/shared/expectations'
import { idParser } from '@pasar/shared/ids'
import { minorUnits, type Minor } from '@pasar/shared/money'
import { BadInput, inPart } from '@pasar/shared/problems'

/** Bounds of vouchers, with the reason for each. */
export const voucherBounds = {
  /** Shorter ones are guessed, longer ones are not typed. */
  codeCharacters: [4, 20],
  /** Rp1 billion: no order of a cart is refunded beyond what one seller can bear by mistake. */
  amountMax: 1_000_000_000n,
  /** At least a tenth of the price is paid: what is paid with nothing is no sale. */
  percentMax: 90,
  /** Of less than this a per cent is no whole rupiah that anybody would notice. */
  minimumSpendMin: 1_000n,
  /** More than any market has buyers. */
  usesMax: 1_000_000,
  /** A wholesale buyer's year. */
  usesPerBuyerMax: 1_000,
  /** The next year's big days may be prepared now. */
  daysAheadMax: 366,
  /** A shop's list of what runs and waits is looked at, not searched. */
  aheadMax: 100,
  /** What a page of a shop shows beside its goods. */
  listedMax: 20,
  /** One for each shop of a cart that people fill. */
  ofCheckoutMax: 20,
} as const

/** What a voucher gives, to whom and when. Either an amount, or per cent up to an amount. */
export interface VoucherTerms {
  readonly code: string
  readonly amount: Minor | null
  readonly percent: number | null
  readonly maxDiscount: Minor | null
  readonly minimumSpend: Minor
  readonly uses: number
  readonly usesPerBuyer: number
  readonly listed: boolean
  readonly startsAt: Date
  readonly endsAt: Date
}

type Said<T> = T | null | undefined

/** The same as a client sends it; without a beginning it begins now. */
interface RawVoucherTerms {
  readonly code: string
  readonly amount?: Said<bigint>
  readonly percent?: Said<number>
  readonly maxDiscount?: Said<bigint>
  readonly minimumSpend: bigint
  readonly uses: number
  readonly usesPerBuyer: number
  readonly listed: boolean
  readonly startsAt?: Said<Date>
  readonly endsAt: Date
}

const [codeMin, codeMax] = voucherBounds.codeCharacters
const codeForm = new RegExp(`^[A-Z0-9]{${codeMin},${codeMax}}$`)

/** A code as it is kept: in capitals, however it was typed. */
export function parseVoucherCode(raw: string, field: string): string {
  const code = raw.trim().toUpperCase()
  if (!codeForm.test(code))
    throw new BadInput(field, {
      id: `${codeMin} sampai ${codeMax} huruf A sampai Z atau angka`,
      en: `${codeMin} to ${codeMax} letters A to Z or digits`,
    })
  return code
}

function parseAmount(raw: bigint, field: string, least = 1n): Minor {
  if (raw < least || raw > voucherBounds.amountMax) throw new BadInput(field, wholeNumber(least, voucherBounds.amountMax))
  return minorUnits(raw, field)
}

function parseCount(raw: number, field: string, most: number): number {
  if (raw < 1 || raw > most) throw new BadInput(field, wholeNumber(1, most))
  return raw
}

/** What it takes off. */
function parseDiscount({
  amount,
  percent,
  maxDiscount,
}: RawVoucherTerms): Pick<VoucherTerms, 'amount' | 'percent' | 'maxDiscount'> {
  if ((amount == null) === (percent == null))
    throw new BadInput('amount', { id: 'salah satu: amount atau percent', en: 'either amount or percent' })
  if ((percent == null) !== (maxDiscount == null))
    throw new BadInput('maxDiscount', {
      id: 'diisi bersama percent, dan hanya bersamanya',
      en: 'given beside percent, and only there',
    })
  return {
    amount: amount == null ? null : parseAmount(amount, 'amount'),
    percent: percent == null ? null : parseCount(percent, 'percent', voucherBounds.percentMax),
    maxDiscount: maxDiscount == null ? null : parseAmount(maxDiscount, 'maxDiscount'),
  }
}

const dayMs = 86_400_000

/** Checks what a new voucher is to give. A beginning that has passed is no fault: it runs from now on. */
export function parseVoucherTerms(raw: RawVoucherTerms, now: Date): VoucherTerms {
  const { code, minimumSpend, uses, usesPerBuyer, listed, endsAt } = raw
  const startsAt = raw.startsAt ?? now
  if (endsAt <= startsAt) throw new BadInput('endsAt', timeAfter('startsAt'))
  const most = voucherBounds.daysAheadMax
  if (endsAt <= now || endsAt.getTime() > now.getTime() + most * dayMs)
    throw new BadInput('endsAt', {
      id: `waktu yang akan datang, paling lama ${most} hari lagi`,
      en: `a time to come, at most ${most} days ahead`,
    })
  return {
    code: parseVoucherCode(code, 'code'),
    ...parseDiscount(raw),
    minimumSpend: parseAmount(minimumSpend, 'minimumSpend', voucherBounds.minimumSpendMin),
    uses: parseCount(uses, 'uses', voucherBounds.usesMax),
    usesPerBuyer: parseCount(usesPerBuyer, 'usesPerBuyer', voucherBounds.usesPerBuyerMax),
    listed,
    startsAt,
    endsAt,
  }
}

/** A voucher that a buyer wants to use. */
export interface VoucherWish {
  readonly shopId: string
  readonly code: string
}

const parseShopId = idParser('shop')

/** Checks which vouchers a checkout is to use: each shop's order has at most one. */
export function parseWishes(raw: readonly VoucherWish[]): readonly VoucherWish[] {
  const most = voucherBounds.ofCheckoutMax
  if (raw.length > most) throw new BadInput('vouchers', { id: `paling banyak ${most}`, en: `at most ${most}` })
  const wishes = inPart('vouchers', () =>
    raw.map(({ shopId, code }) => ({ shopId: parseShopId(shopId, 'shopId'), code: parseVoucherCode(code, 'code') })),
  )
  if (new Set(wishes.map(({ shopId }) => shopId)).size < wishes.length)
    throw new BadInput('vouchers', { id: 'setiap toko satu kali', en: 'each shop once' })
  return wishes
}
