import { getNamedType, isInterfaceType, isObjectType, isUnionType } from 'graphql'
import { fieldsOf, type ProtectedField, type ReadSupergraph } from './supergraph.ts'

/** One step from an object to the next: a field of it, or the type that it turns out to be. */
export type Step = { readonly field: string; readonly on: string } | { readonly is: string }

/** How an operation comes to a protected field. */
export interface WayIn {
  readonly name: 'direct' | 'nested' | 'union' | 'interface' | 'subscription'
  readonly root: 'Query' | 'Mutation' | 'Subscription'
  fits(steps: readonly Step[], through: Through): boolean
}

/** Which abstract types were passed. */
interface Through {
  readonly union: boolean
  readonly interface: boolean
}

const hops = (steps: readonly Step[]) => steps.filter((step) => 'field' in step).length

/** The ways in, each with what makes it one. */
export const waysIn: readonly WayIn[] = [
  { name: 'direct', root: 'Query', fits: (steps) => hops(steps) === 1 },
  { name: 'nested', root: 'Query', fits: (steps, through) => hops(steps) > 1 && !through.union && !through.interface },
  { name: 'union', root: 'Mutation', fits: (_, through) => through.union && !through.interface },
  { name: 'interface', root: 'Mutation', fits: (_, through) => through.interface },
  { name: 'subscription', root: 'Subscription', fits: () => true },
]

interface Visit {
  readonly type: string
  readonly steps: readonly Step[]
  readonly through: Through
}

const longest = 9

/** The shortest such way to an object of the field's type, with the field at its end; undefined when there is none. */
export function pathTo({ api }: ReadSupergraph, { root, fits }: WayIn, goal: ProtectedField): readonly Step[] | undefined {
  const start: Visit = { type: root, steps: [], through: { union: false, interface: false } }
  const seen = new Set<string>()
  const queue = [start]
  for (const visit of queue) {
    if (visit.type === goal.type && fits(visit.steps, visit.through))
      return [...visit.steps, { field: goal.field, on: goal.type }]
    const key = `${visit.type} ${visit.through.union} ${visit.through.interface} ${Math.min(2, hops(visit.steps))}`
    if (seen.has(key) || visit.steps.length > longest) continue
    seen.add(key)
    queue.push(...nextOf(api, visit))
  }
  return undefined
}

function nextOf(api: ReadSupergraph['api'], { type: name, steps, through }: Visit): readonly Visit[] {
  const type = api.getType(name)
  if (isUnionType(type)) {
    const members = type.getTypes().map((member) => into(member.name, { ...through, union: true }))
    const interfaces = new Set(type.getTypes().flatMap((member) => member.getInterfaces().map((one) => one.name)))
    return [...members, ...[...interfaces].map((one) => into(one, { ...through, union: true }))]
  }
  const objects = isInterfaceType(type)
    ? api.getPossibleTypes(type).map((one) => into(one.name, { ...through, interface: true }))
    : []
  const fields = fieldsOf(type)
    .filter((field) => !isLeafLike(getNamedType(field.type)))
    .map((field) => ({
      type: getNamedType(field.type).name,
      steps: [...steps, { field: field.name, on: name }],
      through,
    }))
  return [...objects, ...fields]

  function into(is: string, passed: Through): Visit {
    return { type: is, steps: [...steps, { is }], through: passed }
  }
}

const isLeafLike = (type: unknown) => !isObjectType(type) && !isInterfaceType(type) && !isUnionType(type)
