import {
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type InterfaceTypeDefinitionNode,
  type InterfaceTypeExtensionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type SelectionNode,
} from 'graphql'
import { isRow } from './fixture.ts'
import { parseFields, type IsOf } from './selections.ts'

type Fields = readonly SelectionNode[]

/** What one subgraph's SDL says of a type in the words of the Federation specification. */
export interface TypeIndex {
  /** Keys by which the subgraph can be entered, and those by which it only refers. */
  readonly keys: readonly { readonly fields: Fields; readonly resolvable: boolean }[]
  readonly external: ReadonlySet<string>
  readonly requires: ReadonlyMap<string, Fields>
  readonly provides: ReadonlyMap<string, Fields>
  readonly interfaces: readonly string[]
}

/** Types with fields, by name. */
export type FederationIndex = ReadonlyMap<string, TypeIndex>

type Composite = ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode | InterfaceTypeExtensionNode

const composites: ReadonlySet<string> = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_EXTENSION,
])

/** Reads an SDL. */
export function indexFederation(sdl: string): FederationIndex {
  const nodes = new Map<string, Composite[]>()
  for (const definition of parse(sdl, { noLocation: true }).definitions) {
    if (!composites.has(definition.kind)) continue
    const node = definition as Composite
    nodes.set(node.name.value, [...(nodes.get(node.name.value) ?? []), node])
  }
  return new Map([...nodes].map(([name, of]) => [name, indexType(of)]))
}

function indexType(nodes: readonly Composite[]): TypeIndex {
  const fields = nodes.flatMap((node) =>
    (node.fields ?? []).map((field) => ({ field, whole: named(node, 'external').length > 0 })),
  )
  const fieldSets = (directive: string) =>
    new Map(fields.flatMap(({ field }) => named(field, directive).map((found) => [field.name.value, fieldsOf(found)] as const)))
  return {
    keys: nodes
      .flatMap((node) => named(node, 'key'))
      .map((key) => ({ fields: fieldsOf(key), resolvable: valuesOf(key)['resolvable'] !== false })),
    external: new Set(
      fields.flatMap(({ field, whole }) => (whole || named(field, 'external').length > 0 ? [field.name.value] : [])),
    ),
    requires: fieldSets('requires'),
    provides: fieldSets('provides'),
    interfaces: nodes.flatMap((node) => (node.interfaces ?? []).map(({ name }) => name.value)),
  }
}

const named = ({ directives = [] }: { readonly directives?: readonly ConstDirectiveNode[] }, name: string) =>
  directives.filter((directive) => directive.name.value === name)

const valuesOf = (directive: ConstDirectiveNode): Readonly<Record<string, unknown>> =>
  Object.fromEntries((directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]))

function fieldsOf(directive: ConstDirectiveNode): Fields {
  const { fields } = valuesOf(directive)
  return typeof fields === 'string' ? parseFields(fields) : []
}

/** Whether a record is of a type, as far as this subgraph or the record itself says. */
export const isOfType =
  (index: FederationIndex): IsOf =>
  (record, type) => {
    const name = isRow(record) ? String(record['__typename']) : ''
    return type === name || (index.get(name)?.interfaces.includes(type) ?? false)
  }
