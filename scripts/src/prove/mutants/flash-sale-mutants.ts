import type { Mutant } from './mutant.ts'

const store = 'subgraphs/products/src/store'
const units = 'subgraphs/products/test/flash-sale-units.test.ts'

/** Of flash sales with a limit. */
export const flashSaleMutants: readonly Mutant[] = [
  {
    name: 'look at a flash sale that others are taking of',
    file: `${store}/flash-sale-claims.ts`,
    from: 'ORDER BY id FOR NO KEY UPDATE',
    to: 'ORDER BY id',
    test: [units, 'as many as it may, however many'],
  },
  {
    name: 'forget what a buyer has of a flash sale already',
    file: 'subgraphs/products/src/domain/flash-sale-claims.ts',
    from: '(unitsPerBuyer ?? Infinity) - (ofBuyer.get(keyOf(claim)) ?? 0)',
    to: 'unitsPerBuyer ?? Infinity',
    test: [units, 'gives one account as many'],
  },
  {
    name: 'give what is not paid back to the shelf alone',
    file: `${store}/settle.ts`,
    from: 'SET taken = f.taken - sale.quantity',
    to: 'SET taken = f.taken',
    test: [units, 'gets what is not paid back once'],
  },
]
