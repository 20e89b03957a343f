import fc from 'fast-check'
import { actors, type Actor } from '../crash/deaths.ts'
import { cancelStep, checkoutStep, ofCheckout, payFailStep, payStep, type Picks } from './checkout-steps.ts'
import { command, type Command } from './command.ts'
import type { Model } from './model.ts'
import { cancelSaleStep, endVoucherStep, saleStep, voucherStep } from './offer-steps.ts'
import { possibleSteps } from './order-steps.ts'
import { orderOf } from './real.ts'
import { addStep, modeStep, priceStep, quantityStep, stockStep } from './shop-steps.ts'

const hour = 3_600_000

const expireStep = (hours: number): Command =>
  command({
    name: `expire(${hours} h)`,
    check: ({ checkouts, vouchers, sales }) => checkouts.length + vouchers.length + sales.length > 0,
    run: async (_, real) => {
      real.world.clock.advance(hours * hour)
      await real.settle()
    },
  })

/** One of the steps that orders may make now. */
const orderStep = (pick: number, dice: number): Command =>
  command({
    name: `order(${pick}, ${dice})`,
    check: (model) => possibleSteps(model).length > 0,
    run: async (model, real) => {
      const possible = possibleSteps(model)
      const { step, one, index } = possible[pick % possible.length]!
      await step.run({ model, real, one, id: await orderOf(real, index, one.good), dice })
      return `${step.name}(checkout ${index}, thing ${one.good}; dice ${dice})`
    },
  })

/** A certain step of the order of a thing. */
const namedStep = (wanted: string, thing: number): Command => {
  const find = (model: Model) => possibleSteps(model).find(({ step, one }) => step.name === wanted && one.good === thing)
  return command({
    name: `${wanted}(thing ${thing})`,
    check: (model) => find(model) !== undefined,
    run: async (model, real) => {
      const { step, one, index } = find(model)!
      await step.run({ model, real, one, id: await orderOf(real, index, one.good), dice: 0 })
    },
  })
}

const crashStep = (after: number, actor: Actor): Command => ({
  check: () => true,
  toString: () => `crash(${actor} at boundary ${after})`,
  run: async (_, real) => {
    real.told.push(`crash(${actor} at boundary ${after})`)
    real.arm(after, actor)
  },
})

const restartStep = (): Command => command({ name: 'restart', run: (_, real) => real.world.revive() })

const nth = fc.nat({ max: 5 })
const good = fc.nat({ max: 1 })
const hours = fc.integer({ min: 1, max: 80 })
const few = (max: number) => fc.integer({ min: 1, max })

const takesOff = fc.oneof(
  fc.record({ amount: few(60_000) }),
  fc.record({ percent: few(90), maxDiscount: fc.integer({ min: 1_000, max: 90_000 }) }),
)
const minimumSpend = fc.integer({ min: 1_000, max: 200_000 })
const voucher = fc.record({ takesOff, minimumSpend, uses: few(3), usesPerBuyer: few(3), hours })

const unlessFree = (max: number) => fc.option(few(max), { nil: Infinity })
const sale = fc
  .record({ percent: fc.integer({ min: 40, max: 95 }), units: unlessFree(9), unitsPerBuyer: unlessFree(5), hours })
  .filter(({ units, unitsPerBuyer }) => Number.isFinite(Math.min(units, unitsPerBuyer)))

const method = fc.constantFrom('QRIS' as const, 'BCA_VA' as const)
const pick = fc.option(nth, { nil: undefined, freq: 2 })

/** Every command, and how often it comes: what leads on more often than what ends or breaks, or few orders would grow old. */
const shares: readonly (readonly [times: number, fc.Arbitrary<Command>])[] = [
  [4, fc.tuple(good, few(5)).map(([at, units]) => addStep(at, units))],
  [1, fc.tuple(good, fc.integer({ min: 10_000, max: 90_000 })).map(([at, price]) => priceStep(at, price))],
  [1, fc.tuple(good, fc.integer({ min: 0, max: 5 })).map(([at, units]) => quantityStep(at, units))],
  [1, fc.tuple(good, fc.integer({ min: -5, max: 9 })).map(([at, change]) => stockStep(at, change || 1))],
  [1, fc.tuple(good, fc.constantFrom('UNITS' as const, 'COUNTER' as const)).map(([at, mode]) => modeStep(at, mode))],
  [2, fc.tuple(good, voucher).map(([at, terms]) => voucherStep(at, terms))],
  [1, nth.map(endVoucherStep)],
  [2, fc.tuple(good, sale).map(([at, terms]) => saleStep(at, terms))],
  [1, good.map(cancelSaleStep)],
  [5, fc.tuple(method, pick, pick).map(([by, ...picks]) => checkoutStep(by, picks))],
  [4, nth.map((at) => ofCheckout(payStep, at))],
  [1, nth.map((at) => ofCheckout(payFailStep, at))],
  [1, nth.map((at) => ofCheckout(cancelStep, at))],
  [2, hours.map(expireStep)],
  [22, fc.tuple(fc.nat({ max: 1_000 }), fc.nat({ max: 100_000 })).map(([at, dice]) => orderStep(at, dice))],
  [3, fc.tuple(few(60), fc.constantFrom(...actors)).map(([after, actor]) => crashStep(after, actor))],
  [1, fc.constant(0).map(restartStep)],
]

export const commands = shares.flatMap(([times, arbitrary]) => Array.from({ length: times }, () => arbitrary))

/** A voucher of the one shop and a flash sale in the other, of which little or nothing is left after the first purchase. */
function offersOf(kind: number): readonly Command[] {
  const takesOff = kind > 1 ? { amount: 20_000 + kind } : { percent: 35, maxDiscount: 30_001 }
  const limits = { units: 2 + kind, unitsPerBuyer: kind > 1 ? 3 : Infinity }
  return [
    voucherStep(0, { takesOff, minimumSpend: 30_000, uses: 1 + (kind % 2), usesPerBuyer: 2 - (kind % 2), hours: 60 }),
    saleStep(1, { percent: 70, ...limits, hours: 60 }),
  ]
}

/**
 * How a life begins: with nothing, or where both things are paid, or delivered, half of these with something for less; what comes late in a life
 * would be too seldom else.
 */
export function beginningOf(chance: number): readonly Command[] {
  const stage = chance % 3
  const isCheaper = chance % 2 === 0
  const offers = isCheaper ? offersOf(Math.floor(chance / 6) % 4) : []
  const picks: Picks = isCheaper ? [0] : []
  const paid = [addStep(0, 3), addStep(1, 2), checkoutStep('QRIS', picks), ofCheckout(payStep, 0)]
  const brought = ['accept', 'ship', 'deliver'].flatMap((name) => [namedStep(name, 0), namedStep(name, 1)])
  return [...offers, ...(stage > 0 ? paid : []), ...(stage > 1 ? brought : [])]
}
