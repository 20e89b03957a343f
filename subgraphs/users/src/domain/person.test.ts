import { expect, it } from 'vitest'
import { displayNameOf } from './person.ts'

it.each([
  ['Budi Santoso', 'Budi S.'],
  ['Siti Nur aminah', 'Siti A.'],
  ['Suharto', 'Suharto'],
  ['Ali 🦊', 'Ali 🦊.'],
])('others see %s as %s', (name, shown) => {
  expect(displayNameOf(name)).toBe(shown)
})
