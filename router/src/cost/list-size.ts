import { Kind, type FieldNode, type GraphQLField, type ValueNode } from 'graphql'
import type { Amount, Variables } from './amount.ts'
import type { ListRule } from './cost-rules.ts'

type Field = GraphQLField<unknown, unknown>

/** What an argument is given: known, or known once the variables are. */
type Given = { readonly known: unknown } | { readonly read: (variables: Variables) => unknown }

/** How long a list may be. Undefined when it must be said by one argument and is said by none or by several. */
export function listSize(rule: ListRule, field: Field, node: FieldNode): Amount | undefined {
  const given = rule.slicing.flatMap((path) => givenTo(path.split('.'), field, node))
  if (rule.needsOne && given.length !== 1) return undefined
  if (given.length === 0) return rule.assumed
  const longest = (variables: Variables) =>
    Math.max(...given.map((one) => sizeOf('known' in one ? one.known : one.read(variables)) ?? rule.assumed))
  return given.every((one) => 'known' in one) ? longest({}) : longest
}

const sizeOf = (value: unknown): number | undefined =>
  typeof value === 'number' && !Number.isNaN(value) ? Math.max(0, value) : undefined

/** What is given to an argument, or to a field of one (`input.first`); nothing when neither client nor schema give anything. */
function givenTo([name = '', ...path]: readonly string[], field: Field, node: FieldNode): readonly Given[] {
  const written = node.arguments?.find((argument) => argument.name.value === name)?.value
  const fallback = within(field.args.find((argument) => argument.name === name)?.defaultValue, path)
  if (written) return [readWritten(written, path, fallback)]
  return fallback === undefined ? [] : [{ known: fallback }]
}

function readWritten(value: ValueNode, path: readonly string[], fallback: unknown): Given {
  if (value.kind === Kind.VARIABLE) {
    const name = value.name.value
    return { read: (variables) => within(variables[name], path) ?? fallback }
  }
  const [name, ...inner] = path
  if (name === undefined) return { known: value.kind === Kind.INT ? Number(value.value) : fallback }
  const part = value.kind === Kind.OBJECT ? value.fields.find((one) => one.name.value === name) : undefined
  return part ? readWritten(part.value, inner, fallback) : { known: fallback }
}

const within = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, name) => (at instanceof Object ? (at as Variables)[name] : undefined), value)
