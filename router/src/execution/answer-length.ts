import type { Texts } from '@pasar/shared/locale'
import { CodedError } from '@pasar/shared/problems'
import { routerLimits } from '../safety/limits.ts'

const max = routerLimits.answerCharactersMax

const tooLong: Texts = {
  id: `Jawabannya terlalu panjang: paling banyak ${max} karakter; minta lebih sedikit sekaligus`,
  en: `The answer is too long: at most ${max} characters; ask for less at once`,
}

/** Throws for a part of an answer that is longer than a whole one may be. */
export function refuseLong(part: string): void {
  if (part.length > max) throw new CodedError('BAD_USER_INPUT', tooLong, { limit: 'answerCharacters', max })
}
