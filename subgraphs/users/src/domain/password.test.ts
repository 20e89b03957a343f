import { describe, expect, it, vi } from 'vitest'
import { isCommonPassword } from './common-passwords.ts'
import { parseNewPassword, parsePassword } from './password.ts'

describe('new passwords', () => {
  it.each(['1234567890', 'Password123', 'INDONESIA1945', 'bismillah123!', 'aaaaaaaaaaaa', 'aAaAaAaAaA'])(
    'are not %j, which is tried first',
    (raw) => {
      expect(parseNewPassword(raw, 'password')).toMatchObject({ __typename: 'PasswordTooCommon' })
    },
  )

  it('have ten to a hundred and twenty-eight characters, however many bytes those are', () => {
    expect(() => parseNewPassword('sembilan9', 'newPassword')).toThrow('newPassword: expected a password of 10 to 128 characters')
    expect(parseNewPassword('sepuluh 10', 'newPassword')).toBe('sepuluh 10')
    expect(parseNewPassword('🦊🐍'.repeat(64), 'newPassword')).toBe('🦊🐍'.repeat(64))
    expect(() => parseNewPassword('ab'.repeat(65), 'newPassword')).toThrow('newPassword')
  })

  it('are refused unread where they are far too long, however much work they would make', () => {
    const normalize = vi.spyOn(String.prototype, 'normalize')
    for (const raw of ['\uFDFA'.repeat(87_000), '\u0301\u0323'.repeat(43_500)])
      expect(() => parsePassword(raw, 'password')).toThrow('password: expected a password of at most 128 characters')
    expect(normalize).not.toHaveBeenCalled()
    normalize.mockRestore()
    expect(parsePassword('\u03B1\u0313\u0300\u0345'.repeat(128), 'password')).toBe('\u1F82'.repeat(128))
  })

  it('keep their spaces, and are the same on every keyboard', () => {
    expect(parsePassword('  spasi di tepi  ', 'password')).toBe('  spasi di tepi  ')
    expect(parsePassword('cafe\u0301 pagi hari', 'password')).toBe(parsePassword('caf\u00e9 pagi hari', 'password'))
  })

  it('are not called common for holding a common one', () => {
    expect(isCommonPassword('password123 di pasar senen')).toBe(false)
  })
})
