import type { Broken } from '../invariants/broken.ts'
import type { Domain } from '@pasar/shared/domains'
import { randomFrom } from '../cache/random.ts'
import { rowsOf } from '../world/acts.ts'
import { memberNames, domainOf, type MemberName } from '../world/member.ts'
import { countStock, type Buyer } from '../world/people.ts'
import { completeCart, fillCart, type Wanted } from '../world/shopping.ts'
import { heal } from '../world/time.ts'
import type { World } from '../world/world.ts'
import { openScene, type Scene } from './scene.ts'
import type { Ending, Story } from './stories.ts'
import { openTakeovers } from './takeovers.ts'
import { shelfUnits, type Town } from './town.ts'

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

/** A story told once, with what dies in it. */
export interface Telling {
  readonly story: Story
  readonly seed: number
  readonly deaths: readonly Death[]
}

/** What came of it. */
export interface Told {
  readonly died: readonly Death[]
  readonly broken: readonly Broken[]
  /** How often each boundary was reached. */
  readonly reached: ReadonlyMap<string, number>
  /** How long sagas of dead processes waited for another one, in the market's time. */
  readonly takeoversMs: readonly number[]
  readonly snapshots: number
}

const downMsChoices = [0, 0, 1_500, 8_000]
/** Participants that may die while orders is at work of its own. */
const participants: readonly MemberName[] = ['products', 'payments', 'carts', 'logistics', 'users']

/** Tells a story once; whatever dies in it, it must end as it would have without. */
export async function tellStory(town: Town, { story, seed, deaths }: Telling): Promise<Told> {
  const { world } = town
  const chance = randomFrom(seed)
  const of = <T>(choices: readonly T[]): T => choices[Math.floor(chance() * choices.length)]!
  const reached = new Map<string, number>()
  const broken: Broken[] = []
  const takeovers = openTakeovers(world)
  let calm = true
  let snapshots = 0
  /** The ledger, and the database at which a process was; the others have not changed since, and are looked at in the end. */
  const look = async (of: readonly Domain[]) => {
    snapshots += 1
    broken.push(...(await world.invariants.anytime([...new Set<Domain>(['payments', ...of])])))
  }
  const pending = [...deaths]
  const died: Death[] = []
  world.watch = async (member, point) => {
    if (member.life.isOver()) return forever()
    if (calm) return undefined
    const count = (reached.get(point) ?? 0) + 1
    reached.set(point, count)
    const index = pending.findIndex((death) => death.point === point && death.nth <= count)
    if (index < 0) return undefined
    const death = pending.splice(index, 1)[0]!
    died.push(death)
    if (death.next) pending.push({ ...death.next, nth: (reached.get(death.next.point) ?? 0) + death.next.nth })
    const victims = victimsOf(death.actor, { hit: member.name, other: of(participants) })
    await takeovers.begin(victims)
    if (death.actor === 'database') await world.crashDatabase()
    else await world.kill(victims)
    // What a boundary leaves in its own database is looked at when processes die there: with PostgreSQL's death it is no other.
    await look(death.actor === 'database' ? [] : [domainOf(member.name)])
    return member.life.isOver() ? forever() : undefined
  }
  const healWorld = async () => {
    await heal(world, { downMs: of(downMsChoices), each: takeovers.look })
  }
  const calmly = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = calm
    calm = true
    try {
      return await work()
    } finally {
      calm = before
    }
  }
  const scene = await prepare(town, story, { of, heal: healWorld, calmly })
  calm = false
  try {
    const ending = await story.tell(scene)
    calm = true
    await heal(world)
    broken.push(...(await ended(scene, ending)), ...(await world.invariants.settled(scene.acknowledged)))
  } catch (error) {
    broken.push({ invariant: 'I5', what: `the story broke off: ${(error as Error).stack ?? String(error)}` })
  } finally {
    calm = true
    await world.revive()
  }
  return { died, broken, reached, takeoversMs: takeovers.tookMs, snapshots }
}

/** What the dead would have done next is never done. */
const forever = () => new Promise<never>(() => undefined)

/** Whose deaths an actor's death is, at a boundary of `hit`. */
export function victimsOf(
  actor: Actor,
  { hit, other }: { readonly hit: MemberName; readonly other: MemberName },
): readonly MemberName[] {
  const conductor: MemberName = domainOf(hit) === 'orders' ? hit : 'orders'
  const participant: MemberName = domainOf(hit) === 'orders' ? other : hit
  if (actor === 'itself') return [hit]
  if (actor === 'orchestrator') return [conductor]
  if (actor === 'participant') return [participant]
  return actor === 'both' ? [conductor, participant] : memberNames.filter((name) => domainOf(name) === 'orders')
}

interface Preparing extends Pick<Scene, 'heal' | 'calmly'> {
  readonly of: <T>(choices: readonly T[]) => T
}

/** A buyer whose cart holds something of both shops. */
async function prepare(
  { world, shelves, buyers, staff }: Town,
  { unitsMin = 1 }: Story,
  { of, heal: healWorld, calmly }: Preparing,
): Promise<Scene> {
  const wanted: Wanted = [
    [of(shelves[0]), unitsMin + of([0, 1, 2])],
    [of(shelves[1]), of([1, 2])],
  ]
  const buyer = of(buyers)
  await refill(world, wanted)
  await fillCart(world, buyer, wanted)
  const cart = await completeCart(world, buyer)
  const checkoutBefore = (await lastCheckout(world, buyer))?.id
  return openScene({ world, buyer, staff, wanted, cart: cart!, checkoutBefore, heal: healWorld, calmly })
}

/** A story before may have emptied a shelf. */
async function refill(world: World, wanted: Wanted): Promise<void> {
  const ids = wanted.map(([{ variantId }]) => variantId)
  const short = await rowsOf<{ id: string }>(world, 'products', {
    sql: 'SELECT variant_id AS id FROM stock WHERE variant_id = ANY($1::text[]) AND on_hand - reserved < $2',
    values: [ids, unitsAtLeast],
  })
  const isShort = new Set(short.map(({ id }) => id))
  for (const [goods] of wanted) if (isShort.has(goods.variantId)) await countStock(world, goods, shelfUnits)
  if (short.length > 0) await world.settle()
}

const unitsAtLeast = 10

async function lastCheckout(world: World, buyer: Buyer): Promise<{ readonly id: string; readonly state: string } | undefined> {
  const sql = 'SELECT id, state FROM checkout WHERE buyer_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1'
  return (await rowsOf<{ id: string; state: string }>(world, 'orders', { sql, values: [buyer.viewer.accountId] }))[0]
}

/** Where a story did not end as it must. */
async function ended({ world, wanted, acknowledged, buyer, checkoutBefore }: Scene, ending: Ending): Promise<Broken[]> {
  const says = (what: string): Broken => ({ invariant: 'I3', what })
  const checkout = await lastCheckout(world, buyer)
  if (checkout?.id === checkoutBefore) return [says('no checkout is left')]
  const orders = await rowsOf<{ state: string; reserved_as: string | null }>(world, 'orders', {
    sql: 'SELECT state, reserved_as FROM shop_order WHERE checkout_id = $1',
    values: [checkout?.id],
  })
  const [taken] = await rowsOf<{ units: number }>(world, 'products', {
    sql: `SELECT coalesce(sum(a.quantity - a.restocked), 0)::int AS units FROM reservation r
      JOIN reservation_allocation a ON a.reservation_id = r.id
      WHERE r.checkout_id = ANY($1::text[]) AND a.variant_id = $2 AND r.state IN ('HELD', 'CONFIRMED')`,
    values: [[checkout?.id, ...orders.map(({ reserved_as: reservedAs }) => reservedAs)], wanted[0]![0].variantId],
  })
  const states = orders.map(({ state }) => state)
  const sold = taken!.units
  return [
    ...(checkout?.state === ending.checkout
      ? []
      : [says(`checkout ${checkout?.id} ended ${checkout?.state}, not ${ending.checkout}`)]),
    ...(String(states) === String(ending.orders) ? [] : [says(`its orders ended ${states.join()}, not ${ending.orders.join()}`)]),
    ...(sold === ending.soldOfFirst ? [] : [says(`${sold} units are gone from the shelf, not ${ending.soldOfFirst}`)]),
    ...(new Set(acknowledged.checkoutIds).size <= 1 ? [] : [says(`"Buy" was answered with ${acknowledged.checkoutIds.join()}`)]),
  ]
}
