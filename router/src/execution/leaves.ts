import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isEnumType,
  type GraphQLEnumType,
  type GraphQLLeafType,
} from 'graphql'

/** JSON text of a leaf's value; undefined when a subgraph sent what the type cannot be. */
export type WriteLeaf = (value: unknown) => string | undefined

const needsEscape = /["\\\p{Cc}\p{Cs}]/u

/** JSON text of a string; most have nothing to escape. */
export const quote = (text: string): string => (text.length < 64 && !needsEscape.test(text) ? `"${text}"` : JSON.stringify(text))

const intMax = 2 ** 31 - 1

const builtIn = new Map<GraphQLLeafType, WriteLeaf>([
  [GraphQLString, (value) => (typeof value === 'string' ? quote(value) : undefined)],
  [GraphQLBoolean, (value) => (typeof value === 'boolean' ? String(value) : undefined)],
  [GraphQLFloat, (value) => (typeof value === 'number' ? JSON.stringify(value) : undefined)],
  [
    GraphQLInt,
    (value) =>
      Number.isInteger(value) && Math.abs(value as number) <= intMax + 1 && value !== intMax + 1 ? String(value) : undefined,
  ],
  [
    GraphQLID,
    (value) => {
      if (typeof value === 'string') return quote(value)
      return Number.isInteger(value) ? `"${String(value)}"` : undefined
    },
  ],
])

/** How values of a leaf type are checked and written. A scalar of the schema's own can be any JSON: its subgraph has checked it. */
export function leafWriter(type: GraphQLLeafType): WriteLeaf {
  // By name, for a schema may hold its own copies of the specified scalars.
  const known = [...builtIn].find(([{ name }]) => name === type.name)
  if (known) return known[1]
  return isEnumType(type) ? enumWriter(type) : (value) => JSON.stringify(value)
}

function enumWriter(type: GraphQLEnumType): WriteLeaf {
  const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, `"${name}"`]))
  return (value) => texts.get(value)
}
