import {
  Kind,
  visit,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type ObjectTypeDefinitionNode,
  type StringValueNode,
  type TypeNode,
} from 'graphql'

const access = new Set(['public', 'authenticated', 'requiresScopes'])
const roots = new Set(['Query', 'Mutation', 'Subscription'])

interface Described {
  readonly name: { readonly value: string }
  readonly description?: StringValueNode | undefined
}

const namedType = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type))

/** What is wrong with one subgraph's SDL, by our conventions: one sentence per fault. */
export function faultsOfSdl(domain: string, document: DocumentNode): string[] {
  const faults: string[] = []
  const say = (fault: string) => void faults.push(`schema/${domain}.graphql: ${fault}`)
  const described = (node: Described, place: string) => {
    if (!node.description?.value.trim()) say(`${place} has no description`)
  }
  const field = (type: string, node: FieldDefinitionNode | InputValueDefinitionNode) => {
    described(node, `${type}.${node.name.value}`)
    if (node.kind === Kind.INPUT_VALUE_DEFINITION) return
    for (const argument of node.arguments ?? []) described(argument, `${type}.${node.name.value}(${argument.name.value})`)
    if (roots.has(type)) for (const fault of faultsOfRootField(type, node)) say(fault)
  }
  const fields = (node: ObjectTypeDefinitionNode) => {
    if (!roots.has(node.name.value)) described(node, node.name.value)
    for (const child of node.fields ?? []) field(node.name.value, child)
  }
  visit(document, {
    ObjectTypeDefinition: fields,
    InterfaceTypeDefinition: (node) => {
      described(node, node.name.value)
      for (const child of node.fields ?? []) field(node.name.value, child)
    },
    InputObjectTypeDefinition: (node) => {
      described(node, node.name.value)
      for (const child of node.fields ?? []) field(node.name.value, child)
    },
    EnumTypeDefinition: (node) => {
      described(node, node.name.value)
      for (const value of node.values ?? []) described(value, `${node.name.value}.${value.name.value}`)
    },
    UnionTypeDefinition: (node) => described(node, node.name.value),
    ScalarTypeDefinition: (node) => described(node, node.name.value),
  })
  return [...faults, ...faultsOfUnions(domain, document)]
}

function faultsOfRootField(type: string, node: FieldDefinitionNode): string[] {
  const name = `${type}.${node.name.value}`
  const rules = (node.directives ?? []).filter((directive) => access.has(directive.name.value))
  const inner = node.directives?.some((directive) => directive.name.value === 'inaccessible')
  return [
    ...(rules.length === 1 ? [] : [`${name} must carry exactly one of @public, @authenticated, @requiresScopes`]),
    ...(type === 'Mutation' && !inner && !namedType(node.type).endsWith('Result') ? [`${name} must return a …Result union`] : []),
  ]
}

/** Result unions hold one success (or "processing") and problems, and problems implement Problem. */
function faultsOfUnions(domain: string, document: DocumentNode): string[] {
  const objects = new Map<string, ObjectTypeDefinitionNode>()
  for (const node of document.definitions) if (node.kind === Kind.OBJECT_TYPE_DEFINITION) objects.set(node.name.value, node)
  const isProblem = (name: string) => objects.get(name)?.interfaces?.some((type) => type.name.value === 'Problem') === true
  return document.definitions.flatMap((node) => {
    if (node.kind !== Kind.UNION_TYPE_DEFINITION || !node.name.value.endsWith('Result')) return []
    if (node.directives?.some((directive) => directive.name.value === 'inaccessible')) return []
    const good = (node.types ?? []).filter((type) => !isProblem(type.name.value))
    return good.length > 0 ? [] : [`schema/${domain}.graphql: ${node.name.value} has no member for success`]
  })
}
