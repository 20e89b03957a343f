import { expect, it } from 'vitest'
import { parseBoundedText } from './bounded-text.ts'

it('is trimmed, and may be as long as it may', () => {
  expect(parseBoundedText(' Tutup pecah 💥 ', 'note', [1, 14])).toBe('Tutup pecah 💥')
  for (const raw of ['', '   ', 'x'.repeat(15)])
    expect(() => parseBoundedText(raw, 'note', [1, 14])).toThrow('note: expected 1 to 14 characters')
})

it.each(['a\0b', '\uD83Dx', 'x\uDCA5'])('is refused where no database can keep it: %j', (raw) => {
  expect(() => parseBoundedText(raw, 'note', [0, 14])).toThrow('note: expected text without control characters')
})
