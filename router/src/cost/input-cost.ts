import {
  getNamedType,
  isInputObjectType,
  Kind,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type ValueNode,
} from 'graphql'
import { sum, type Amount } from './amount.ts'
import { inputWeight } from './cost-rules.ts'

type Input = GraphQLArgument | GraphQLInputField

/** What the arguments of a field cost: what `@cost` says of each one that is given, and of each input field in it. */
export function argumentsCost(field: GraphQLField<unknown, unknown>, node: FieldNode): Amount {
  const costs = (node.arguments ?? []).map(({ name, value }) => {
    const argument = field.args.find((one) => one.name === name.value)
    return argument && isWeighty(argument) ? writtenCost(argument, value) : 0
  })
  return sum(costs)
}

/** Whether anything about this input may cost; most inputs are free, and nobody walks through their values. */
function isWeighty(input: Input, seen = new Set<unknown>()): boolean {
  if (inputWeight(input) !== 0) return true
  const type = getNamedType(input.type)
  if (!isInputObjectType(type) || seen.has(type)) return false
  seen.add(type)
  return Object.values(type.getFields()).some((inner) => isWeighty(inner, seen))
}

function writtenCost(input: Input, value: ValueNode): Amount {
  if (value.kind === Kind.VARIABLE) {
    const name = value.name.value
    return (variables) => (variables[name] === undefined ? 0 : valueCost(input, variables[name]))
  }
  if (value.kind === Kind.LIST) return sum(value.values.map((one) => writtenCost(input, one)))
  if (value.kind !== Kind.OBJECT) return inputWeight(input)
  const type = getNamedType(input.type)
  const fields = isInputObjectType(type) ? type.getFields() : {}
  const inner = value.fields.map((one) => (fields[one.name.value] ? writtenCost(fields[one.name.value]!, one.value) : 0))
  return sum([inputWeight(input), ...inner])
}

function valueCost(input: Input, value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((total, one) => total + valueCost(input, one), 0)
  const type = getNamedType(input.type)
  if (!isInputObjectType(type) || !(value instanceof Object)) return inputWeight(input)
  const fields = type.getFields()
  const given = Object.entries(value).filter(([name, one]) => fields[name] && one !== undefined)
  return given.reduce((total, [name, one]) => total + valueCost(fields[name]!, one), inputWeight(input))
}
