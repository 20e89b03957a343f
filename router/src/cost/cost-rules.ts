import {
  getNamedType,
  isCompositeType,
  isListType,
  type ConstDirectiveNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLOutputType,
  valueFromASTUntyped,
} from 'graphql'
import { defaultWeights, pageArguments, pageFields } from './default-weights.ts'

/** How long the list of a field is, and where the list is. */
export interface ListRule {
  /** Arguments any of which says how long. */
  readonly slicing: readonly string[]
  /** Whether exactly one of them must be given. */
  readonly needsOne: boolean
  /** How long it is when none of them is given. */
  readonly assumed: number
  /** How long it can be when nothing says how long; undefined when nobody says. */
  readonly atMost: number | undefined
  /** Fields of the field's value that are the list; none when the field itself is. */
  readonly sized: readonly string[]
}

type Annotated = { readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined }

function directiveOf({ astNode }: Annotated, name: string): Readonly<Record<string, unknown>> | undefined {
  const directive = astNode?.directives?.find((one) => one.name.value === name || one.name.value === `federation__${name}`)
  return (
    directive && Object.fromEntries((directive.arguments ?? []).map((one) => [one.name.value, valueFromASTUntyped(one.value)]))
  )
}

function weightOf(annotated: Annotated): number | undefined {
  const weight = Number(directiveOf(annotated, 'cost')?.['weight'])
  return Number.isFinite(weight) ? weight : undefined
}

/** What one value of a field costs: the field's own weight goes before its type's. */
export function fieldWeight(field: GraphQLField<unknown, unknown>): number {
  const type = getNamedType(field.type)
  return weightOf(field) ?? weightOf(type) ?? (isCompositeType(type) ? defaultWeights.object : defaultWeights.leaf)
}

/** What giving an argument or an input field costs. */
export const inputWeight = (input: GraphQLArgument | GraphQLInputField): number =>
  weightOf(input) ?? weightOf(getNamedType(input.type)) ?? defaultWeights.input

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined

/** How long the list of a field is; undefined where there is none. */
export function listRule(field: GraphQLField<unknown, unknown>): ListRule | undefined {
  const said = directiveOf(field, 'listSize')
  const atMost = directiveOf(field, 'atMost')?.['entries']
  const isList = holdsList(field.type)
  const byConvention = field.args.map(({ name }) => name).filter((name) => pageArguments.includes(name))
  const slicing = texts(said?.['slicingArguments']) ?? byConvention
  if (!said && !isList && slicing.length === 0) return undefined
  return {
    slicing,
    needsOne: said?.['slicingArguments'] != null && said['requireOneSlicingArgument'] !== false,
    assumed: typeof said?.['assumedSize'] === 'number' ? said['assumedSize'] : defaultWeights.listSize,
    atMost: typeof atMost === 'number' ? atMost : undefined,
    sized: texts(said?.['sizedFields']) ?? (isList ? [] : pageFields),
  }
}

/** Whether values of this type are lists. */
function holdsList(type: GraphQLOutputType): boolean {
  return isListType(type) || ('ofType' in type && holdsList(type.ofType as GraphQLOutputType))
}

/** Whether a supergraph says anything of costs: then whatever it does not say follows from the defaults. */
export const saysCosts = (supergraph: string): boolean => supergraph.includes('https://specs.apollo.dev/cost/')
