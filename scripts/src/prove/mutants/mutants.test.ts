import { expect, it } from 'vitest'
import { staleMutants } from './copy.ts'
import { mutants } from './mutants.ts'

it('breaks code that is still there', () => {
  expect(staleMutants(mutants).map(({ name, file }) => `${name}: ${file}`)).toEqual([])
})
