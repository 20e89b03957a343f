import { expect, it } from 'vitest'
import { openOneByOne } from './one-by-one.ts'

const busy = { id: 'Coba lagi', en: 'Try again' }
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

it('lets the first one begin at once, and one more in each turn, in the order in which they came', async () => {
  const turn = openOneByOne({ waitingMax: 10, what: 'operation', busy })
  const begun: number[] = []
  expect(turn()).toBeUndefined()
  for (const number of [1, 2, 3]) void turn()!.then(() => begun.push(number))
  for (const soFar of [[1], [1, 2], [1, 2, 3]]) {
    await nextTurn()
    expect(begun).toEqual(soFar)
  }
  await nextTurn()
  expect(turn()).toBeUndefined()
})

it('sends away who would be too many', () => {
  const turn = openOneByOne({ waitingMax: 1, what: 'operation', busy })
  void turn()
  void turn()
  expect(() => turn()).toThrow('operation')
})
