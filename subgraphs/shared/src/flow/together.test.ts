import { expect, it } from 'vitest'
import { during } from '../points.ts'
import { openTogether } from './together.ts'

/** Runs that are answered when the test says so. */
function held() {
  const runs: { readonly inputs: readonly string[]; readonly answer: () => void; readonly fail: () => void }[] = []
  const run = (inputs: readonly string[]) =>
    new Promise<string[]>((resolve, reject) => {
      runs.push({
        inputs,
        answer: () => resolve(inputs.map((input) => input.toUpperCase())),
        fail: () => reject(new Error('gone')),
      })
    })
  return { runs, ask: openTogether({ most: 3, key: (input: string) => input[0]!, run }) }
}

it('makes the first call at once, and those that come meanwhile together, each with its own answer', async () => {
  const { runs, ask } = held()
  const answers = ['a1', 'a2', 'a3', 'a4', 'a5'].map(ask)
  expect(runs.map(({ inputs }) => inputs)).toEqual([['a1']])
  runs[0]!.answer()
  await answers[0]
  expect(runs[1]!.inputs).toEqual(['a2', 'a3', 'a4'])
  runs[1]!.answer()
  await answers[1]
  runs[2]!.answer()
  expect(await Promise.all(answers)).toEqual(['A1', 'A2', 'A3', 'A4', 'A5'])
  const later = ask('a6')
  expect(runs[3]!.inputs).toEqual(['a6'])
  runs[3]!.answer()
  expect(await later).toBe('A6')
})

it('lets no key wait for another', () => {
  const { runs, ask } = held()
  void ask('a1')
  void ask('b1')
  expect(runs.map(({ inputs }) => inputs)).toEqual([['a1'], ['b1']])
})

it('fails those of one run together, and nobody after them', async () => {
  const { runs, ask } = held()
  const [first, second] = [ask('a1'), ask('a2')]
  runs[0]!.fail()
  await expect(first).rejects.toThrow('gone')
  runs[1]!.answer()
  expect(await second).toBe('A2')
})

it('leaves work alone that has boundaries', () => {
  const { runs, ask } = held()
  void ask('a1')
  void during({ name: 'reserve', about: '', point: async () => undefined }, () => ask('a2'))
  expect(runs.map(({ inputs }) => inputs)).toEqual([['a1'], ['a2']])
})
