import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsOf } from '../operation/root-selections.ts'
import { sum, times, type Amount } from './amount.ts'
import { fieldWeight, listRule } from './cost-rules.ts'
import { defaultWeights } from './default-weights.ts'
import { argumentsCost } from './input-cost.ts'
import { listSize } from './list-size.ts'

/** What running an operation costs at most, as far as its text and its variables tell. */
export interface OperationCost {
  readonly amount: Amount
  /** Fields whose list must be sized by one argument, and is not. */
  readonly unsized: readonly FieldNode[]
}

interface Reckoning {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly unsized: FieldNode[]
  /** Lists that were found again below themselves, until the outermost of them is reckoned. */
  readonly again: Set<Field>
}

type Field = GraphQLField<unknown, unknown>

/** A list that a field's parent has sized: `edges` of a page. */
interface Sized {
  readonly fields: readonly string[]
  readonly size: Amount
}

const nothingSized: Sized = { fields: [], size: 1 }

/**
 * Reckons an operation as the cost specification of IBM and Apollo does: each object 1, each leaf nothing, whatever is in a list as
 * often as the list may be long. What `@skip` and `@include` may take away is counted, and so is each type that a value can have. A list
 * that stands again below itself counts by what the schema says it holds at most: as long as it is assumed to be, each level of it would
 * cost a fraction of what it is.
 */
export function operationCost(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): OperationCost {
  const reckoning: Reckoning = { schema, fragments: fragmentsOf(document), unsized: [], again: new Set() }
  const root = schema.getRootType(operation.operation) ?? undefined
  const fields = selectionsCost(reckoning, operation.selectionSet, { type: root, sized: nothingSized, above: [] })
  const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION
  return { amount: sum([isSubscription ? defaultWeights.subscription : 0, fields]), unsized: reckoning.unsized }
}

interface Place {
  readonly type: GraphQLNamedType | undefined
  readonly sized: Sized
  /** The lists that this stands in, of which it is known how long they are at most. */
  readonly above: readonly Field[]
}

function selectionsCost(reckoning: Reckoning, { selections }: SelectionSetNode, place: Place): Amount {
  const { schema, fragments } = reckoning
  const costs = selections.map((selection): Amount => {
    if (selection.kind === Kind.FIELD) return fieldCost(reckoning, selection, place)
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    if (!fragment) return 0
    const condition = fragment.typeCondition?.name.value
    const type = condition === undefined ? place.type : schema.getType(condition)
    return selectionsCost(reckoning, fragment.selectionSet, { ...place, type })
  })
  return sum(costs)
}

function fieldCost(reckoning: Reckoning, node: FieldNode, { type, sized, above }: Place): Amount {
  const name = node.name.value
  if (name.startsWith('__')) return name === '__typename' ? defaultWeights.leaf : defaultWeights.introspection
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined
  if (!field) return defaultWeights.object
  const { own, inner, atMost } = sizesOf(reckoning, field, node)
  const isAgain = above.includes(field)
  if (isAgain) reckoning.again.add(field)
  const within = atMost === undefined || isAgain ? above : [...above, field]
  const place: Place = { type: getNamedType(field.type), sized: inner, above: within }
  const below = node.selectionSet ? selectionsCost(reckoning, node.selectionSet, place) : 0
  const isNested = isAgain || reckoning.again.delete(field)
  const size = sized.fields.includes(name) ? sized.size : isNested && atMost !== undefined ? atMost : own
  const isMutation = type === reckoning.schema.getMutationType()
  const each = sum([fieldWeight(field), below])
  return sum([isMutation ? defaultWeights.mutation : 0, argumentsCost(field, node), times(size, each)])
}

interface Sizes {
  /** How often a field's value comes. */
  readonly own: Amount
  /** Which lists right below it come how often. */
  readonly inner: Sized
  /** How often the value comes at most. */
  readonly atMost?: number | undefined
}

function sizesOf({ unsized }: Reckoning, field: Field, node: FieldNode): Sizes {
  const rule = listRule(field)
  if (!rule) return { own: 1, inner: nothingSized }
  const size = listSize(rule, field, node)
  if (size === undefined) unsized.push(node)
  const known = size ?? rule.assumed
  if (rule.sized.length > 0) return { own: 1, inner: { fields: rule.sized, size: known } }
  return { own: known, inner: nothingSized, atMost: rule.atMost }
}
