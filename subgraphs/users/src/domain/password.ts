import { characters } from '@pasar/shared/expectations'
import { limits } from '@pasar/shared/limits'
import type { Texts } from '@pasar/shared/locale'
import { BadInput, problem, type Problem } from '@pasar/shared/problems'
import { isCommonPassword } from './common-passwords.ts'
import { fitsNormalized } from './text.ts'

/** A new password that is one of those that are tried first. */
export type PasswordTooCommon = Problem<'PasswordTooCommon', object>

function passwordOf(min: number, max: number): Texts {
  const { id, en } = characters(min, max)
  return { id: `kata sandi ${id}`, en: `a password of ${en}` }
}

/** A password in the one form that is hashed: keyboards write the same letters in several ways. */
export function parsePassword(raw: string, field: string): string {
  const max = limits.passwordCharactersMax
  const password = fitsNormalized(raw, max) ? raw.normalize('NFKC') : raw
  const length = Array.from(password).length
  if (length < 1 || length > max) throw new BadInput(field, passwordOf(0, max))
  return password
}

/** A password that is to be set; throws BadInput for its length, gives the refusal for a common one. */
export function parseNewPassword(raw: string, field: string): string | PasswordTooCommon {
  const password = parsePassword(raw, field)
  if (Array.from(password).length < limits.passwordCharactersMin) {
    throw new BadInput(field, passwordOf(limits.passwordCharactersMin, limits.passwordCharactersMax))
  }
  return isCommonPassword(password) ? problem('PasswordTooCommon', {}) : password
}
