import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'
import type { Step } from './paths.ts'
import { fieldsOf } from './supergraph.ts'

/** A value that the type takes, as it is written: what it means does not matter, for whoever is refused never gets that far. */
function writtenValue(type: GraphQLInputType): string {
  if (isNonNullType(type)) return writtenValue(type.ofType)
  if (isListType(type)) return `[${writtenValue(type.ofType)}]`
  if (isEnumType(type)) return type.getValues()[0]!.name
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter(isRequiredInputField)
    return `{${needed.map((field) => `${field.name}: ${writtenValue(field.type)}`).join(' ')}}`
  }
  const numbers = ['Int', 'Float', 'MinorUnits']
  if (numbers.includes(type.name)) return '1'
  if (type.name === 'Boolean') return 'true'
  return JSON.stringify(type.name === 'DateTime' ? '2026-01-01T00:00:00.000Z' : 'x')
}

/** A field with the arguments that it needs. */
function call(field: GraphQLField<unknown, unknown>): string {
  const needed = field.args.filter(isRequiredArgument)
  const written = needed.map((argument) => `${argument.name}: ${writtenValue(argument.type)}`)
  return written.length === 0 ? field.name : `${field.name}(${written.join(' ')})`
}

/** Selects something of a composite value. */
const selectionOf = (field: GraphQLField<unknown, unknown>): string =>
  isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''

/** What an operation selects that takes these steps. */
export function selectionAlong(schema: GraphQLSchema, [step, ...rest]: readonly Step[]): string {
  if (!step) return ''
  if ('is' in step) return `... on ${step.is} { ${selectionAlong(schema, rest)} }`
  const field = fieldsOf(schema.getType(step.on)).find(({ name }) => name === step.field)!
  const inner = rest.length > 0 ? ` { ${selectionAlong(schema, rest)} }` : selectionOf(field)
  return call(field) + inner
}
