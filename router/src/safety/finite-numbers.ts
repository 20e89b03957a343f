import type { Texts } from '@pasar/shared/locale'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import type { ASTVisitor, FloatValueNode, GraphQLError, IntValueNode, ValidationContext } from 'graphql'

const tooLarge: Texts = { id: 'Angka ini terlalu besar', en: 'This number is too large' }

/** Refuses a number beyond every double, such as `1e400`: graphql-js reads it as infinite, and no plan can be made with that. */
export function FiniteNumbersRule(context: ValidationContext): ASTVisitor {
  const check = (node: FloatValueNode | IntValueNode) => {
    if (!Number.isFinite(Number(node.value)))
      context.reportError(graphqlError(new CodedError('GRAPHQL_VALIDATION_FAILED', tooLarge), { nodes: node }))
  }
  return { FloatValue: check, IntValue: check }
}

/** Whether a JSON value holds such a number: JSON has none, and handed on it would be a null that nobody wrote. */
export function holdsEndlessNumber(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  return value instanceof Object && Object.values(value).some(holdsEndlessNumber)
}

/** The refusal. */
export const numberTooLarge = (): GraphQLError => graphqlError(new CodedError('BAD_USER_INPUT', tooLarge))
