import { GraphQLError, type ASTVisitor, type FloatValueNode, type IntValueNode, type ValidationContext } from 'graphql'

/** Refuses a number beyond every double, such as `1e400`: graphql-js reads it as infinite, and no plan can be made with that. */
export function FiniteNumbersRule(context: ValidationContext): ASTVisitor {
  const check = (node: FloatValueNode | IntValueNode) => {
    if (!Number.isFinite(Number(node.value))) context.reportError(new GraphQLError('This number is too large', { nodes: node }))
  }
  return { FloatValue: check, IntValue: check }
}
