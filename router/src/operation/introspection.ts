import { getOperationAST, Kind, type DocumentNode, type GraphQLSchema } from 'graphql'
import { collectFields } from '../execution/collect-fields.ts'
import type { IsOfType } from '../execution/possible-types.ts'
import { fragmentsOf } from './root-selections.ts'

/** The part of a document, as it is planned, that asks about the schema itself, as a document; undefined when nothing does. */
export function introspectionPart(
  { schema, isOfType }: { readonly schema: GraphQLSchema; readonly isOfType: IsOfType },
  { document, operationName }: { readonly document: DocumentNode; readonly operationName: string | undefined },
  coerced: Readonly<Record<string, unknown>>,
): DocumentNode | undefined {
  if (!mentionsSchema(document)) return undefined
  const operation = getOperationAST(document, operationName)
  const root = operation && schema.getRootType(operation.operation)
  if (!root) return undefined
  const fields = collectFields({ fragments: fragmentsOf(document), isOfType, coerced }, root.name, [operation.selectionSet])
  const selections = [...fields.values()].flat().filter(({ name: { value } }) => value === '__schema' || value === '__type')
  if (selections.length === 0) return undefined
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  const { name: _name, ...unnamed } = operation
  return { ...document, definitions: [{ ...unnamed, selectionSet: { kind: Kind.SELECTION_SET, selections } }, ...fragments] }
}

const found = new WeakMap<DocumentNode, boolean>()

function mentionsSchema(document: DocumentNode): boolean {
  const known = found.get(document)
  if (known !== undefined) return known
  const mentions = JSON.stringify(document.definitions).match(/"value":"__(schema|type)"/) !== null
  found.set(document, mentions)
  return mentions
}
