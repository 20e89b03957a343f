import type { QueryPlan } from '@apollo/query-planner'
import {
  getNullableType,
  GraphQLString,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  Kind,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql'
import type { LoadedGraph } from '../gateway.ts'
import { fragmentsOf, rootSelections } from '../operation/root-selections.ts'

/**
 * How the stream of a subscription stands in its source, read from the schema: a root field whose argument `after` is a nullable String
 * and whose value has a field `cursor` of type String! goes on, without gap or duplicate, behind the frame that carries the cursor.
 */
export interface LivePlace {
  /** Under which private name each event carries its cursor; none when the root field takes no cursor. */
  readonly cursor: string | undefined
  /** What the operation says for `after`. */
  readonly after: ValueNode | undefined
}

/** Plans a subscription whose events tell their cursor, also when the client does not ask for it. */
export function planLive(
  graph: Pick<LoadedGraph, 'schema' | 'plan'>,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): { readonly plan: QueryPlan; readonly place: LivePlace } {
  const name = operation.name?.value
  const root = rootOf(document, operation)
  const after = afterOf(root)
  if (root && resumable(graph.schema.getSubscriptionType()?.getFields()[root.name.value])) {
    const cursor = freeName(print(document))
    const plan = graph.plan(withCursor(document, root, cursor), name)
    if (plan.node?.kind === 'Subscription' && plan.node.primary.operation.includes(cursor))
      return { plan, place: { cursor, after } }
  }
  return { plan: graph.plan(document, name), place: { cursor: undefined, after } }
}

const rootOf = (document: DocumentNode, operation: OperationDefinitionNode): FieldNode | undefined =>
  rootSelections(operation, fragmentsOf(document)).find((one) => one.kind === Kind.FIELD)

const afterOf = (root: FieldNode | undefined): ValueNode | undefined =>
  root?.arguments?.find((one) => one.name.value === 'after')?.value

/** The variable in which an operation says from where its stream goes on. */
export function cursorVariable(document: DocumentNode, operation: OperationDefinitionNode): string | undefined {
  const after = afterOf(rootOf(document, operation))
  return after?.kind === Kind.VARIABLE ? after.name.value : undefined
}

function resumable(field: GraphQLField<unknown, unknown> | undefined): boolean {
  const after = field?.args.find(({ name }) => name === 'after')
  if (!field || after?.type !== GraphQLString) return false
  const type = getNullableType(field.type)
  const cursor = isObjectType(type) || isInterfaceType(type) ? type.getFields()['cursor'] : undefined
  return cursor !== undefined && cursor.args.length === 0 && isNonNullType(cursor.type) && cursor.type.ofType === GraphQLString
}

/** A response name that the document does not use: where it uses the usual one, another with more underscores than stand anywhere in it. */
function freeName(text: string): string {
  if (!text.includes('_cursor')) return '_cursor'
  const longest = (text.match(/_+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0)
  return `${'_'.repeat(longest + 1)}cursor`
}

function withCursor(document: DocumentNode, root: FieldNode, alias: string): DocumentNode {
  const cursor: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: alias },
    name: { kind: Kind.NAME, value: 'cursor' },
  }
  const { selectionSet } = root
  return visit(document, {
    Field: (node) =>
      node === root && selectionSet
        ? { ...node, selectionSet: { ...selectionSet, selections: [...selectionSet.selections, cursor] } }
        : undefined,
  })
}

/** The cursor of an event, if it has one. */
export function cursorOf({ cursor }: LivePlace, data: unknown): string | undefined {
  if (cursor === undefined || typeof data !== 'object' || data === null) return undefined
  const root: unknown = Object.values(data)[0]
  const value: unknown = typeof root === 'object' && root !== null ? (root as Record<string, unknown>)[cursor] : undefined
  return typeof value === 'string' ? value : undefined
}

/** The cursor that a client gave. */
export function cursorGiven({ after }: LivePlace, coerced: Readonly<Record<string, unknown>>): string | undefined {
  const value = after?.kind === Kind.VARIABLE ? coerced[after.name.value] : after?.kind === Kind.STRING ? after.value : undefined
  return typeof value === 'string' ? value : undefined
}

/** Whether a stream that runs gives whoever joins it what a new one would: it began "now" and takes cursors, so it has no past of its own. */
export const isFromNow = (place: LivePlace, coerced: Readonly<Record<string, unknown>>): boolean =>
  place.cursor !== undefined && cursorGiven(place, coerced) === undefined
