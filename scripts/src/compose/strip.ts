import { Supergraph, printSchema } from '@apollo/federation-internals'
import { Kind, parse, print, visit, type ConstDirectiveNode, type DocumentNode } from 'graphql'
import { StartProblem } from '../start-problem.ts'

/** The features whose directives the router enforces by itself; the gateway refuses to load a supergraph that links them. */
const enforcedByRouter = {
  authenticated: 'https://specs.apollo.dev/authenticated/v0.1',
  requiresScopes: 'https://specs.apollo.dev/requiresScopes/v0.1',
  /** Not a matter of access: the gateway caches nothing, and the router reads these marks where all others are. */
  cacheControl: 'https://pasar.example/specs/cacheControl/v1.0',
  ownersSeeMore: 'https://pasar.example/specs/ownersSeeMore/v1.0',
} as const

/** The feature whose directive the gateway enforces by itself. */
const enforcedByGateway = 'https://specs.apollo.dev/inaccessible/v0.2'

/** What the above take as arguments. */
const argumentTypes = new Set(['cacheControl__Scope'])

const links = new Set<unknown>(Object.values(enforcedByRouter))

const argument = ({ arguments: given }: ConstDirectiveNode, name: string) => given?.find((one) => one.name.value === name)?.value

const isEnforcedLink = (directive: ConstDirectiveNode) => {
  const url = directive.name.value === 'link' ? argument(directive, 'url') : undefined
  return url?.kind === Kind.STRING && links.has(url.value)
}

/** `@authenticated`, `@requiresScopes` and what they define (`requiresScopes__Scope`). */
const isEnforcedName = (name: string) =>
  Object.keys(enforcedByRouter).some((feature) => name === feature || name.startsWith(`${feature}__`))

function strip(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: (node) => (isEnforcedName(node.name.value) || isEnforcedLink(node as ConstDirectiveNode) ? null : undefined),
    DirectiveDefinition: (node) => (isEnforcedName(node.name.value) ? null : undefined),
    EnumTypeDefinition: (node) => (argumentTypes.has(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (isEnforcedName(node.name.value) ? null : undefined),
  })
}

/** What clients see of a supergraph, as text. */
export const apiOf = (supergraph: string): string =>
  printSchema(Supergraph.build(supergraph, { supportedFeatures: null, validateSupergraph: false }).apiSchema())

/** The supergraph without the access directives, for the gateway; clients see the same schema in both, or this throws. */
export function stripAccess(full: string): string {
  const gateway = print(strip(parse(full)))
  if (apiOf(full) !== apiOf(gateway))
    throw new StartProblem('Without its access directives the supergraph would show clients another schema.')
  const secured = [...gateway.matchAll(/@link\(url: "([^"]*)"[^)]*\bfor: SECURITY\b/g)].map(([, url]) => url)
  if (secured.some((url) => url !== enforcedByGateway))
    throw new StartProblem('The supergraph links a security feature that the router does not enforce.')
  return `${gateway}\n`
}
