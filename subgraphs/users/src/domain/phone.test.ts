import { expect, it } from 'vitest'
import { parsePhone } from './phone.ts'

it.each([
  ['0812 3456 7890', '+6281234567890'],
  ['+62 812-3456-7890', '+6281234567890'],
  ['6281234567890', '+6281234567890'],
  ['(021) 555.1234', '+62215551234'],
  ['0065 6123 4567', '+6561234567'],
  ['+1 650 555 0100', '+16505550100'],
])('%s is called as %s', (raw, expected) => {
  expect(parsePhone(raw)).toBe(expected)
})

it.each(['', '12', '+0812345678', '0812x345678', '+62812345678901234', `0812 ${' '.repeat(30)}3456`])(
  'nobody can be called at %j',
  (raw) => {
    expect(() => parsePhone(raw)).toThrow('phone: expected a phone number')
  },
)
