import type { Texts } from '@pasar/shared/locale'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import type { GraphQLError } from 'graphql'
import { holdsEndlessNumber, numberTooLarge } from './finite-numbers.ts'
import { routerLimits } from './limits.ts'
import { holdsLongList, listTooLong } from './lists.ts'
import { nestsDeeperThan } from './nesting.ts'

const tooDeep: Texts = { id: 'Variabel bersarang terlalu dalam', en: 'The variables nest too deep' }

/** Why no operation takes these variables, whatever it is. Depth comes first: what follows goes down to the bottom of each value. */
export function refuseVariables(variables: Readonly<Record<string, unknown>>): GraphQLError | undefined {
  if (nestsDeeperThan(variables, routerLimits.variablesDepthMax)) return graphqlError(new CodedError('BAD_USER_INPUT', tooDeep))
  if (holdsLongList(variables)) return listTooLong()
  return holdsEndlessNumber(variables) ? numberTooLarge() : undefined
}
