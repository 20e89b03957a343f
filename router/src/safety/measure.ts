import {
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsOf, operationsOf, rootSelections } from '../operation/root-selections.ts'
import { sensitiveMutations } from './limits.ts'

/** How big an operation is with its fragments written out. */
export interface Measure {
  /** Fields, and the fragments on the way to them: whoever walks through the operation goes through those as well. */
  readonly selections: number
  readonly depth: number
  readonly aliases: number
  readonly directives: number
  readonly rootFields: number
  readonly sensitiveMutations: number
}

/** What adds up from selection to selection. */
type Size = Pick<Measure, 'selections' | 'depth' | 'aliases' | 'directives'>

const nothing: Size = { selections: 0, depth: 0, aliases: 0, directives: 0 }

/** A fragment that contains itself is endless. */
const endless: Size = { selections: Infinity, depth: Infinity, aliases: Infinity, directives: Infinity }

const beside = (a: Size, b: Size): Size => ({
  selections: a.selections + b.selections,
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
})

/** What measuring one document remembers: each fragment is measured once, however often it is spread. */
interface Ruler {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** `undefined` while it is being measured. */
  readonly measured: Map<string, Size | undefined>
}

/** Measures the operations of a document, in time that grows with its text and not with what its fragments expand to. */
export function measureOperations(document: DocumentNode): Measure[] {
  const ruler: Ruler = { fragments: fragmentsOf(document), measured: new Map() }
  return operationsOf(document).map((operation) => ({ ...sizeOf(ruler, operation.selectionSet), ...rootOf(ruler, operation) }))
}

const sizeOf = (ruler: Ruler, selectionSet: SelectionSetNode | undefined): Size =>
  (selectionSet?.selections ?? []).map((selection) => sizeOfOne(ruler, selection)).reduce(beside, nothing)

function sizeOfOne(ruler: Ruler, selection: SelectionNode): Size {
  const own = { ...nothing, selections: 1, directives: selection.directives?.length ?? 0 }
  if (selection.kind === Kind.FIELD) return beside(own, sizeOfField(ruler, selection))
  if (selection.kind === Kind.INLINE_FRAGMENT) return beside(own, sizeOf(ruler, selection.selectionSet))
  return beside(own, sizeOfFragment(ruler, selection.name.value))
}

/** Playgrounds ask about the schema 15 levels deep, and validation bounds that by itself: its depth does not count. */
function sizeOfField(ruler: Ruler, { name, alias, selectionSet }: FieldNode): Size {
  const inner = sizeOf(ruler, selectionSet)
  const depth = name.value === '__schema' || name.value === '__type' ? 1 : inner.depth + 1
  return { ...inner, aliases: inner.aliases + (alias ? 1 : 0), depth }
}

function sizeOfFragment(ruler: Ruler, name: string): Size {
  const { fragments, measured } = ruler
  if (measured.has(name)) return measured.get(name) ?? endless
  measured.set(name, undefined)
  const size = sizeOf(ruler, fragments.get(name)?.selectionSet)
  measured.set(name, size)
  return size
}

function rootOf({ fragments }: Ruler, operation: OperationDefinitionNode): Pick<Measure, 'rootFields' | 'sensitiveMutations'> {
  const fields = rootSelections(operation, fragments).filter((selection) => selection.kind === Kind.FIELD)
  const isMutation = operation.operation === OperationTypeNode.MUTATION
  const sensitive = isMutation ? fields.filter(({ name }) => sensitiveMutations.has(name.value)) : []
  return { rootFields: fields.length, sensitiveMutations: sensitive.length }
}

/** Whether an operation holds a mutation by which somebody could guess a secret. */
export const triesSecret = (document: DocumentNode, operation: OperationDefinitionNode): boolean =>
  rootOf({ fragments: fragmentsOf(document), measured: new Map() }, operation).sensitiveMutations > 0
