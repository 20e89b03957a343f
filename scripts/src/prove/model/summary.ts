import type { Lives } from './lives.ts'
import { orderStepNames } from './order-steps.ts'

/** What a whole proof is. */
export const whole = { runs: 1_000, commands: 60 }

/** What vouchers and flash sales may come to. */
const offerNames = [
  'createVoucher',
  'endVoucher',
  'checkout with a voucher',
  ...['ENDED', 'USED_UP', 'USED_BY_YOU', 'BELOW_MINIMUM', 'NOT_FOR_THIS_CART'].map((why) => `checkout refused: ${why}`),
  'scheduleFlashSale',
  'cancelFlashSale',
  'checkout in a flash sale',
  'checkout with both',
  'checkout refused: CheckoutFlashSaleLimited',
  'pay late for less',
  'pay too late for less',
  'flash sale ended',
  'flash sale sold out',
  'flash sale cancelled',
]

/** What a whole proof must come to. */
export const wholeNames: readonly string[] = [...orderStepNames, ...offerNames]

/** What was asked for, and how long it took. */
interface Given {
  readonly seed: number
  readonly asked: number
  readonly commandsMax: number
  readonly minutes: number
}

/** Sums up what the processes have lived: a whole proof comes to everything that orders, vouchers and flash sales may, and somebody dies in it. */
export function summarise(shares: readonly Lives[], { seed, asked, commandsMax, minutes }: Given) {
  const sum = (of: (lives: Lives) => number) => shares.reduce((total, lives) => total + of(lives), 0)
  const runs = sum((lives) => lives.runs)
  const names = [...new Set(shares.flatMap(({ of }) => Object.keys(of)))].toSorted()
  const failures = shares.flatMap(({ failure }) => failure ?? [])
  const isWhole = runs >= whole.runs && commandsMax >= whole.commands
  const deaths = sum((lives) => lives.deaths)
  const neverCame = wholeNames.filter((name) => !names.includes(name))
  const isLived = runs > 0 && (runs === asked || shares.some(({ isCutShort }) => isCutShort))
  return {
    ok: failures.length === 0 && isLived && (!isWhole || (deaths > 0 && neverCame.length === 0)),
    isWhole,
    seed,
    asked,
    runs,
    commands: sum((lives) => lives.commands),
    deaths,
    of: Object.fromEntries(names.map((name) => [name, sum(({ of }) => of[name] ?? 0)])),
    /** What may come and never did. */
    neverCame,
    seconds: Math.round(minutes * 60),
    runsPerMinute: Math.round((runs / minutes) * 10) / 10,
    failures,
  }
}
