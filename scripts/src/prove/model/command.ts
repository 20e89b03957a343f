import { isDeepStrictEqual } from 'node:util'
import type fc from 'fast-check'
import { passTo, seen, type Model } from './model.ts'
import type { Real } from './real.ts'

/** A command of fast-check. */
export type Command = fc.AsyncCommand<Model, Real>

interface Step {
  readonly name: string
  check?(model: Model): boolean
  /** May say more exactly what it was. */
  run(model: Model, real: Real): Promise<string | void>
}

/** Makes one: after each the market must look as its model does. */
export const command = ({ name, check = () => true, run }: Step): Command => ({
  check,
  toString: () => name,
  run: async (model, real) => {
    const before = real.told.length
    real.told.push(name)
    const exactly = await run(model, real)
    if (exactly) real.told[before] = exactly
    passTo(model, real.world.clock.now().getTime())
    const [wanted, found] = [seen(model), await real.see()]
    if (!isDeepStrictEqual(found, wanted))
      throw new Error(`after ${exactly ?? name}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`)
  },
})
