import type { StepName } from '@pasar/orders/domain/saga-flow'
import type { Domain } from '@pasar/shared/domains'
import { domainOf, memberNames, type MemberName } from '../world/member.ts'
import type { World } from '../world/world.ts'

/** Who dies: the process that conducts, the one it asks, both, or PostgreSQL under all of them. */
export const actors = ['orchestrator', 'participant', 'both', 'database'] as const

/** Or just the process that is there. */
export type Actor = (typeof actors)[number] | 'itself'

/** One death: at the n-th time that a boundary is reached. */
export interface Death {
  readonly point: string
  readonly nth: number
  readonly actor: Actor
  /** Another death, of what this one left: counted from here on. */
  readonly next?: Death
}

/** Whom each step of the saga asks; what it does itself asks nobody. */
const askedBy: Readonly<Record<StepName, Domain | undefined>> = {
  lockCart: 'carts',
  freezeAddress: 'users',
  reserveStock: 'products',
  quoteShipping: 'logistics',
  placeOrders: undefined,
  createPayment: 'payments',
  clearCart: 'carts',
  awaitPayment: undefined,
  secureStock: 'products',
  confirmStock: 'products',
  markPaid: undefined,
}

/** Whom the conductor is at, at a boundary of its own. */
function askedAt(point: string): Domain | undefined {
  const step = /^(?:undo )?(\w+)\.(?:call|reply|committing|committed)$/.exec(point)?.[1]
  return step === undefined ? undefined : askedBy[step as StepName]
}

/** Where somebody dies. */
export interface Place {
  readonly world: Pick<World, 'member'>
  /** Who has come to the boundary. */
  readonly hit: MemberName
  readonly point: string
  /** The participant where orders is at work and asks nobody: one that is not involved. */
  readonly other: MemberName
}

const replicas = memberNames.filter((name) => domainOf(name) === 'orders')

/** Whose deaths an actor's death is; undefined where one of them is dead already. Where nobody asks, a replica of orders that lives conducts. */
export function victimsOf(actor: Actor, { world, hit, point, other }: Place): readonly MemberName[] | undefined {
  if (actor === 'database') return replicas
  const lives = (name: MemberName) => world.member(name)?.life.isOver() === false
  const isOfOrders = domainOf(hit) === 'orders'
  const conductor = isOfOrders ? hit : (world.member(hit)?.callers.at(-1) ?? replicas.find(lives) ?? 'orders')
  const participant = isOfOrders ? (askedAt(point) ?? other) : hit
  const victims = { itself: [hit], orchestrator: [conductor], participant: [participant], both: [conductor, participant] }[actor]
  return victims.every(lives) ? victims : undefined
}
