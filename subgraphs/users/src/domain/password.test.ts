import { describe, expect, it } from 'vitest'
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

  it('keep their spaces, and are the same on every keyboard', () => {
    expect(parsePassword('  spasi di tepi  ', 'password')).toBe('  spasi di tepi  ')
    expect(parsePassword('cafe\u0301 pagi hari', 'password')).toBe(parsePassword('caf\u00e9 pagi hari', 'password'))
  })

  it('are not called common for holding a common one', () => {
    expect(isCommonPassword('password123 di pasar senen')).toBe(false)
  })
})
