import { isDeepStrictEqual } from 'node:util'
import type { Postgres } from '@pasar/shared/postgres/pool'
import { openRandom } from '../../attacks/random.ts'
import type { Sent } from '../collector.ts'
import { inParallel } from '../lives.ts'
import { hand, handStale, newestOf, staleOf, type Hands } from './hand.ts'
import { beginLife, refundsOf, type Life, type Waiting } from './life.ts'
import { look } from './look.ts'
import { planLives } from './plans.ts'
import { lateRound, rounds, type When } from './script.ts'
import { isAfterWork, take, type Steps } from './steps.ts'

/** What lives are played with. */
export interface Play extends Steps, Hands {
  readonly postgres: Postgres
  /** Lives by every name that a notification may be about. */
  readonly byName: Map<string, Life>
  readonly lives: Life[]
  /** How many notifications were sorted already. */
  sorted: number
  supersededWithEffect: number
}

const atOnce = 16
const roundMs = 65 * 60_000
const untilTooLateMs = 400 * 86_400_000
/** Rounds in which everything that waits for an hour comes to its end. */
const lastRounds = 5

/** Everything that is due, by both processes at the same time. */
async function work({ stage }: Play): Promise<void> {
  let done = 1
  while (done > 0) done = (await stage.subgraph.work()) + (await stage.second.subgraph.work())
}

/** When a notification of a life is to be told. */
function whenOf({ plan, random, unasked, story, isSilent }: Life, sent: Sent): When {
  const newest = newestOf(sent)
  if (newest === undefined && story.length === 0 && plan.paidTold !== 'now') return plan.paidTold
  const wanted = newest === undefined ? undefined : unasked.get(newest)
  if (wanted) return wanted
  // What comes before anything has gone back is the money itself; where nothing is unasked, the market may hear while it asks.
  if (newest === undefined && story.length === 0) return 'now'
  if (isSilent) return 'last'
  const isPlain = plan.steps.every(({ does }) => !['give back', 'charge back', 'make refund', 'dispute'].includes(does))
  return random.of(['now', 'now', 'later', 'last', 'last', isPlain ? 'meanwhile' : 'now'] as const)
}

/** The providers send what is due, and each notification gets its turn. */
async function collect(play: Play, since: number): Promise<void> {
  const { stage, byName, tally } = play
  await stage.flush()
  for (const sent of stage.sent.slice(play.sorted)) {
    const life = byName.get(sent.about)
    if (!life) throw new Error(`the provider tells of ${sent.about}, of which no life knows`)
    const when = whenOf(life, sent)
    if (when !== 'now') tally.add(`notifications told: ${when}`)
    life.waiting.push({ sent, when, since })
    life.newest = sent
  }
  play.sorted = stage.sent.length
}

/** Hands over what is to be told at this moment, of each life in the order in which it was sent. */
const handAll = (play: Play, isDue: (one: Waiting) => boolean): Promise<void> =>
  inParallel(play.lives, atOnce, async (life) => {
    const due = life.waiting.filter(isDue)
    for (const one of due) life.waiting.splice(life.waiting.indexOf(one), 1)
    for (const { sent } of due) await hand(play, life, sent)
  })

const isNow = ({ when }: Waiting): boolean => when === 'now'

const takeAll = (play: Play, at: number, isAfter: boolean): Promise<void> =>
  inParallel(play.lives, atOnce, async (life) => {
    for (const step of life.plan.steps) {
      if (step.at !== at || isAfterWork(step) !== isAfter) continue
      await take(play, life, step)
      const names = [...refundsOf(life), ...life.withdrawals.map(({ withdrawalId }) => withdrawalId)]
      for (const name of names) play.byName.set(name, life)
    }
  })

async function round(play: Play, at: number): Promise<void> {
  await takeAll(play, at, false)
  await Promise.all([work(play), handAll(play, ({ when }) => when === 'meanwhile')])
  await takeAll(play, at, true)
  await collect(play, at)
  // What is told late comes after what is newer.
  await handAll(play, isNow)
  await handAll(play, ({ when, since }) => when === 'later' && since < at)
  if (at !== rounds - 1) play.weather.clear()
  play.stage.clock.advance(roundMs)
}

/** What is left to be told, in any order; and what is long out of date, which must change nothing. */
const handLast = (play: Play, isFirst: boolean): Promise<void> =>
  inParallel(play.lives, atOnce, async (life) => {
    const left = life.waiting.splice(0).map(({ sent }) => ({ sent, place: life.random.upTo(1_000_000) }))
    const shuffled = left.toSorted((a, b) => a.place - b.place)
    if (shuffled.some(({ sent }, index) => sent !== left[index]!.sent))
      play.tally.add('notifications in another order', left.length)
    for (const { sent } of shuffled) await hand(play, life, sent)
    const stale = isFirst && life.newest && life.random.upTo(2) === 0 ? staleOf(life.newest, play.stage.settings) : undefined
    if (!stale) return
    const before = await look(play.postgres, life)
    await handStale(play, life, stale)
    if (!isDeepStrictEqual(await look(play.postgres, life), before)) play.supersededWithEffect += 1
  })

/** Payments are made and paid; all of that is told, but where it is to be told later. */
async function pay(play: Play): Promise<void> {
  const { stage } = play
  await collect(play, -1)
  await inParallel(play.lives, atOnce, ({ plan, paymentId }) => stage.press(plan.provider, paymentId, 'pay'))
  await collect(play, -1)
  // A card that was taken is settled a little later.
  stage.clock.advance(60_000)
  await collect(play, -1)
  await handAll(play, isNow)
}

/** Lives that go on after the payment, played to their end. */
export async function playLives(play: Play, count: number, seed: number): Promise<void> {
  const randomOf = (life: number) => openRandom(seed * 1_000_003 + life)
  const plans = planLives(count, randomOf)
  await inParallel(plans, atOnce, async (plan, index) => {
    const life = await beginLife(play.stage, plan, openRandom(seed * 2_000_003 + index))
    play.lives[index] = life
    play.byName.set(life.paymentId, life)
  })
  await pay(play)
  for (let at = 0; at < rounds; at++) await round(play, at)
  play.weather.late()
  play.stage.clock.advance(untilTooLateMs)
  await round(play, lateRound)
  for (let more = 0; more < lastRounds; more++) {
    await handLast(play, more === 0)
    await work(play)
    await collect(play, lateRound + more)
    play.stage.clock.advance(roundMs)
  }
  await handLast(play, false)
  await work(play)
}
