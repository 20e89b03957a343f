import { Kind, parse, valueFromASTUntyped, type FieldNode, type SelectionNode } from 'graphql'
import { isRow, type Row } from './fixture.ts'

type Selections = readonly SelectionNode[]

/** The text of a field set, as in `@key(fields:)`. */
export function parseFields(text: string): readonly SelectionNode[] {
  const [definition] = parse(`{ ${text} }`, { noLocation: true }).definitions
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : []
}

/** The fields of a selection that hold for a type; without `isOf`, those of all fragments. */
export function fieldsIn(selections: readonly SelectionNode[], isOf: (type: string) => boolean = () => true): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection]
    if (selection.kind === Kind.FRAGMENT_SPREAD) return []
    const condition = selection.typeCondition?.name.value
    return condition === undefined || isOf(condition) ? fieldsIn(selection.selectionSet.selections, isOf) : []
  })
}

/** What is selected of a field, or undefined where the field is not selected. */
export function subSelection(selections: readonly SelectionNode[], name: string): readonly SelectionNode[] | undefined {
  const nodes = fieldsIn(selections).filter((field) => field.name.value === name)
  return nodes.length === 0 ? undefined : nodes.flatMap((node) => node.selectionSet?.selections ?? [])
}

/** The arguments that a field set writes. */
export const writtenArguments = (field: FieldNode): Row =>
  Object.fromEntries((field.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]))

/** Whether a record is of a type. */
export type IsOf = (record: unknown, type: string) => boolean

/** Whether a representation has all that a field set names. */
export function hasFields(representation: unknown, selections: Selections, isOf: IsOf = () => true): boolean {
  if (representation === null) return true
  if (Array.isArray(representation)) return representation.every((item) => hasFields(item, selections, isOf))
  if (!isRow(representation)) return false
  return fieldsIn(selections, (type) => isOf(representation, type)).every((field) => {
    const value = representation[field.name.value]
    const below = field.selectionSet?.selections ?? []
    return value !== undefined && (below.length === 0 || hasFields(value, below, isOf))
  })
}

/** What a representation says of a key, and nothing else. */
export function pick(value: unknown, selections: readonly SelectionNode[]): unknown {
  if (selections.length === 0) return value
  if (Array.isArray(value)) return value.map((item) => pick(item, selections))
  if (!isRow(value)) return value
  return Object.fromEntries(
    fieldsIn(selections).map(({ name, selectionSet }) => [name.value, pick(value[name.value], selectionSet?.selections ?? [])]),
  )
}
