import type { Broken } from '../invariants/broken.ts'
import type { Domain } from '@pasar/shared/domains'
import { randomFrom } from '../random.ts'
import { rowsOf } from '../world/acts.ts'
import { domainOf, type MemberName } from '../world/member.ts'
import { countStock } from '../world/people.ts'
import { completeCart, fillCart, type Wanted } from '../world/shopping.ts'
import { heal } from '../world/time.ts'
import type { World } from '../world/world.ts'
import { readBooks } from './books.ts'
import { victimsOf, type Death } from './deaths.ts'
import { ended, lastCheckout } from './ending.ts'
import { openFate, type Choose } from './fate.ts'
import { openScene, type Scene } from './scene.ts'
import type { Story } from './story.ts'
import { openTakeovers } from './takeovers.ts'
import { shelfUnits, type Town } from './town.ts'

/** A story told once, with what dies in it. */
export interface Telling {
  readonly story: Story
  readonly seed: number
  readonly deaths: readonly Death[]
}

/** What came of it. */
export interface Told {
  readonly died: readonly Death[]
  /** Of them those that struck what an earlier one had left. */
  readonly pairs: number
  /** Deaths that did not happen, to be told again; where only the second of two did not, both, the second at a boundary that was reached. */
  readonly missed: readonly Death[]
  readonly broken: readonly Broken[]
  /** The boundaries that were reached, one after the other. */
  readonly passed: readonly string[]
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
  const of: Choose = (choices) => choices[Math.floor(chance() * choices.length)]!
  const broken: Broken[] = []
  const takeovers = openTakeovers(world)
  let calm = true
  let snapshots = 0
  /** The books, and the database at which a process was; the others have not changed since, and are looked at in the end. */
  const look = async (of: readonly Domain[]) => {
    snapshots += 1
    broken.push(...(await world.invariants.books()), ...(await world.invariants.anytime(of)))
  }
  const fate = openFate(deaths, of)
  world.watch = async (member, point) => {
    if (member.life.isOver()) return forever()
    if (calm) return undefined
    const place = { world, hit: member.name, point }
    const struck = fate.strike(point, (actor) => victimsOf(actor, { ...place, other: of(participants) }))
    if (!struck) return undefined
    const { actor, victims } = struck
    await takeovers.begin(victims)
    if (actor === 'database') await world.crashDatabase()
    else await world.kill(victims)
    // What a boundary leaves in its own database is looked at when processes die there: with PostgreSQL's death it is no other.
    await look(actor === 'database' ? [] : [domainOf(member.name)])
    return member.life.isOver() ? forever() : undefined
  }
  const healWorld = async () => {
    await heal(world, { downMs: of(downMsChoices), each: takeovers.look })
    broken.push(...(await world.invariants.healed()))
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
  return { ...fate.told(), broken, takeoversMs: takeovers.tookMs, snapshots }
}

/** What the dead would have done next is never done. */
const forever = () => new Promise<never>(() => undefined)

interface Preparing extends Pick<Scene, 'heal' | 'calmly'> {
  readonly of: Choose
}

/** A buyer whose cart holds something of both shops. */
async function prepare(
  { world, shelves, buyers, staff, admin }: Town,
  { unitsMin = 1, provider = 'midtrans' }: Story,
  { of, heal: healWorld, calmly }: Preparing,
): Promise<Scene> {
  const wanted: Wanted = [
    [of(shelves[0]), unitsMin + of([0, 1, 2])],
    [of(shelves[1]), of([1, 2])],
  ]
  const buyer = of(buyers)
  await world.prefer(provider)
  await endOrders(world)
  await refill(world, wanted)
  await fillCart(world, buyer, wanted)
  const cart = await completeCart(world, buyer)
  const checkoutBefore = (await lastCheckout(world, buyer))?.id
  // What the story before has booked is not of this one's time.
  world.clock.advance(1)
  const before = { checkoutBefore, booksBefore: await readBooks(world), startedAt: world.clock.now() }
  return openScene({ world, buyer, staff, admin, wanted, cart: cart!, ...before, heal: healWorld, calmly })
}

/** What a story before has left with its sellers lapses, so that its money does not go back in the middle of this one. */
async function endOrders(world: World): Promise<void> {
  const sql = `SELECT id FROM shop_order WHERE state NOT IN ('COMPLETED', 'CANCELLED') LIMIT 1`
  if ((await rowsOf(world, 'orders', { sql })).length === 0) return
  world.clock.advance(lapsesWithinMs)
  await heal(world)
}

const lapsesWithinMs = 49 * 3_600_000

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
