import type { Texts } from '@pasar/shared/locale'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import type { GraphQLError } from 'graphql'
import { costLimits } from './limits.ts'
import type { OperationCost } from './operation-cost.ts'

/** Errors of an operation that costs too much, or whose cost cannot be told. */
export function costErrors({ unsized }: OperationCost, cost: number): readonly GraphQLError[] {
  const errors = unsized.map((nodes) => graphqlError(new CodedError('BAD_USER_INPUT', sayHowMany), { nodes }))
  return cost > costLimits.operationMax ? [...errors, tooExpensive(cost)] : errors
}

const sayHowMany: Texts = {
  id: 'Sebutkan dengan tepat satu argumen berapa banyak yang diminta di sini',
  en: 'Say with exactly one argument how many are wanted here',
}

function tooExpensive(cost: number): GraphQLError {
  const max = costLimits.operationMax
  const texts: Texts = {
    id: `Operasi ini terlalu mahal: biayanya ${cost}, paling banyak ${max}; minta lebih sedikit sekaligus`,
    en: `The operation is too expensive: it costs ${cost} of at most ${max}; ask for less at once`,
  }
  return graphqlError(new CodedError('COST_ESTIMATED_TOO_EXPENSIVE', texts, { cost, max }))
}
