import { defaultFieldResolver, isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql'
import { Forbidden, NotSignedIn } from '../problems.ts'
import { hasScope, type Viewer } from '../identity/viewer.ts'

/** Who may select a field: everyone, anyone signed in, or who has all scopes of one of the alternatives. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes'; readonly anyOf: readonly (readonly string[])[] }

/** The access rule written on a field or type of an SDL document, if any. */
export function accessOf(
  node: { readonly directives?: readonly DirectiveLike[] | undefined } | null | undefined,
): Access | undefined {
  for (const directive of node?.directives ?? []) {
    if (directive.name.value === 'public') return { kind: 'public' }
    if (directive.name.value === 'authenticated') return { kind: 'authenticated' }
    if (directive.name.value === 'requiresScopes') return { kind: 'scopes', anyOf: scopesOf(directive) }
  }
  return undefined
}

interface DirectiveLike {
  readonly name: { readonly value: string }
  readonly arguments?: readonly { readonly value: unknown }[] | undefined
}

interface ListLike {
  readonly values?: readonly ListLike[]
  readonly value?: string
}

const scopesOf = (directive: DirectiveLike): string[][] =>
  ((directive.arguments?.[0]?.value as ListLike | undefined)?.values ?? []).map((all) =>
    (all.values ?? []).map((scope) => scope.value ?? ''),
  )

/** Whether a viewer passes an access rule; another process of the market passes every rule but those that name other scopes. */
export function mayAccess(viewer: Viewer, access: Access): boolean {
  if (access.kind === 'public') return true
  if (access.kind === 'authenticated') return viewer.kind === 'account'
  return access.anyOf.some((all) => all.every((scope) => hasScope(viewer, scope)))
}

/** Throws NotSignedIn or Forbidden when the viewer does not pass. */
function checkAccess(viewer: Viewer, access: Access): void {
  if (mayAccess(viewer, access)) return
  throw viewer.kind === 'guest' ? new NotSignedIn() : new Forbidden()
}

const rootNames = new Set(['Query', 'Mutation', 'Subscription'])
const federationFields = new Set(['_entities', '_service'])

/** Guards every field of a subgraph's schema by its directives; a root field without one makes the subgraph refuse to start. */
export function guardFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) {
      if (federationFields.has(field.name)) continue
      const access = accessOf(field.astNode) ?? accessOf(type.astNode)
      if (!access && rootNames.has(type.name))
        throw new Error(`${type.name}.${field.name} says nobody may see it: add @public, @authenticated or @requiresScopes`)
      if (access && access.kind !== 'public') guardField(field, access)
    }
  }
}

function guardField(field: GraphQLField<unknown, { readonly viewer: Viewer }>, access: Access): void {
  const slot = field.subscribe ? 'subscribe' : 'resolve'
  const original = field[slot] ?? defaultFieldResolver
  field[slot] = (...call) => {
    checkAccess(call[2].viewer, access)
    return original(...call)
  }
}
