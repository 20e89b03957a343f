import { expect, it } from 'vitest'
import { summarise, wholeNames } from './summary.ts'

const asked = { seed: 1, asked: 1_000, commandsMax: 60, minutes: 1 }
const of = Object.fromEntries(wholeNames.map((name) => [name, 1]))
const lives = { runs: 1_000, commands: 12_000, deaths: 1, of, isCutShort: false }

it('is in order where a thousand lives came to everything that may come', () => {
  expect(summarise([lives], asked)).toMatchObject({ ok: true, isWhole: true, neverCame: [] })
})

it('is not in order where a thousand lives never came to something, or nobody died in them', () => {
  for (const name of ['accept', 'checkout refused: USED_UP', 'flash sale sold out']) {
    const { [name]: _, ...others } = of
    expect(summarise([{ ...lives, of: others }], asked)).toMatchObject({ ok: false, neverCame: [name] })
  }
  expect(summarise([{ ...lives, deaths: 0 }], asked).ok).toBe(false)
})

it('asks a sample for what it lived, not for everything', () => {
  expect(summarise([{ ...lives, runs: 10, of: {}, deaths: 0 }], { ...asked, asked: 10 })).toMatchObject({
    ok: true,
    isWhole: false,
  })
})
