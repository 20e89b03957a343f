import { describe, expect, it } from 'vitest'
import { parseEmail } from './email.ts'

describe('e-mail addresses', () => {
  it('are the same in upper and lower case, and kept as they were written', () => {
    expect(parseEmail('  Budi.Santoso+pasar@Example.Co.ID ')).toEqual({
      address: 'Budi.Santoso+pasar@Example.Co.ID',
      key: 'budi.santoso+pasar@example.co.id',
    })
  })

  it.each([
    '',
    'budi',
    '@example.com',
    'budi@',
    'budi@example',
    'budi@-example.com',
    'budi@@example.com',
    'bu di@example.com',
    'budi@example.com,siti@example.com',
    'bu\u{212A}i@example.com',
    'budi@example.\u{212A}om',
  ])('are not %j', (raw) => {
    expect(() => parseEmail(raw)).toThrow(/email: expected an e-mail address/)
  })
})
