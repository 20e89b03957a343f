import { tooMuchToAnswer } from '@pasar/shared/subgraph/answer-size'
import type { Texts } from '@pasar/shared/locale'
import type { OperationTypeNode } from 'graphql'
import { routerLimits } from '../safety/limits.ts'

const max = routerLimits.answerCharactersMax

const tooLong: Texts = {
  id: `Jawabannya terlalu panjang: paling banyak ${max} karakter; minta lebih sedikit sekaligus`,
  en: `The answer is too long: at most ${max} characters; ask for less at once`,
}

/** Throws for a part of an operation's answer that is longer than a whole one may be. */
export function refuseLong(kind: `${OperationTypeNode}`, part: string): void {
  if (part.length > max) throw tooMuchToAnswer(kind, tooLong, { limit: 'answerCharacters', max })
}
