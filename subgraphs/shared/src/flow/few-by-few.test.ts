import { expect, it } from 'vitest'
import { openFewByFew } from './few-by-few.ts'

const busy = { id: 'Coba lagi', en: 'Try again' }
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

it('lets as many begin at once as fit into a turn, and as many more in each, in the order in which they came', async () => {
  const turn = openFewByFew({ perTurn: 2, waitingMax: 10, what: 'operation', busy })
  const begun: number[] = []
  expect([turn(), turn()]).toEqual([undefined, undefined])
  for (const number of [1, 2, 3]) void turn()!.then(() => begun.push(number))
  for (const soFar of [
    [1, 2],
    [1, 2, 3],
  ]) {
    await nextTurn()
    expect(begun).toEqual(soFar)
  }
  await nextTurn()
  expect(turn()).toBeUndefined()
})

it('lets nobody who comes later go before those who wait', async () => {
  const turn = openFewByFew({ perTurn: 1, waitingMax: 10, what: 'operation', busy })
  void turn()
  void turn()
  void turn()
  await nextTurn()
  expect(turn()).toBeInstanceOf(Promise)
})

it('sends away who would be too many', () => {
  const turn = openFewByFew({ perTurn: 1, waitingMax: 1, what: 'operation', busy })
  void turn()
  void turn()
  expect(() => turn()).toThrow('operation')
})
