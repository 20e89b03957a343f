import type { PasarEvent } from '@pasar/schema/events'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { openStage } from '../stage.ts'
import type { Answered, Twist } from './hand.ts'
import { countJournals, judgeAll, type AfterFaults } from './judge.ts'
import type { Life } from './life.ts'
import { kindNames } from './plans.ts'
import { playLives, type Play } from './play.ts'
import { openProviders } from './providers.ts'
import { openTally } from './tally.ts'
import { openWeather } from './weather.ts'

/** What lives after the payment came to. */
export interface AfterSummary extends AfterFaults {
  readonly ok: boolean
  readonly lives: number
  readonly notifications: number
  readonly handed: Readonly<Record<Twist, number>>
  /** How often each thing occurred. */
  readonly occurred: Readonly<Record<string, number>>
  /** What should have occurred, and never did. */
  readonly neverCame: readonly string[]
  readonly forgedTaken: number
  readonly supersededWithEffect: number
  readonly wrongAnswers: number
}

/** How much to prove. */
export interface AfterOptions {
  readonly databaseUrl: string
  readonly lives: number
  readonly seed: number
  readonly say: (line: string) => void
}

/** What a proof that leaves it out does not show. */
const mustOccur: readonly string[] = [
  'refunds decided',
  'decisions told twice',
  ...['lost', 'down', 'passing', 'refused'].map((weather) => `refunds, the provider being: ${weather}`),
  'refunds that fail',
  'refunds that fail for a while',
  'refunds made after they failed',
  'given back by hand',
  'charged back in part',
  'charged back in whole',
  'disputed by a bank',
  'disputes looked at',
  'disputes won',
  'disputes lost',
  'orders released',
  'withdrawals',
  ...['lost', 'refused'].map((weather) => `withdrawals, the provider being: ${weather}`),
  'withdrawals that arrive',
  'withdrawals that fail',
  'withdrawals that are sent back',
  ...['later', 'meanwhile', 'last'].map((when) => `notifications told: ${when}`),
  'notifications in another order',
]

const twists: readonly Twist[] = ['plain', 'duplicated', 'superseded', 'forged']

/** Forged ones are refused; all others are heard, whatever they change, but for those that come before what they are about. */
const isWrong = ({ twist, answer }: Answered): boolean =>
  twist === 'forged' ? answer !== '403 refused' : !/^(200 (applied|disputed|superseded|duplicate)|404 not_yet)$/.test(answer)

/** Lets payments of both providers be lived on: refunds, chargebacks, withdrawals, told as badly as they may be. */
export async function proveAfter({ databaseUrl, lives: count, seed, say }: AfterOptions): Promise<AfterSummary> {
  const byName = new Map<string, Life>()
  const weather = openWeather(({ kind, refundId, tells }) =>
    byName.get(refundId)?.story.push({ kind: 'told', names: tells }, { kind, refundId }),
  )
  const stage = await openStage(databaseUrl, weather.between)
  const postgres = openPostgres({ url: databaseUrl, connectionsMax: 4 })
  const published: PasarEvent[] = []
  await stage.bus.consume({ group: 'proof', domains: ['payments'], handle: async (event) => void published.push(event) })
  try {
    const [tally, answered, providers] = [openTally(), [] as Answered[], openProviders(stage)]
    const journals = await countJournals(postgres)
    const play: Play = {
      stage,
      providers,
      weather,
      tally,
      answered,
      postgres,
      byName,
      lives: [],
      sorted: 0,
      supersededWithEffect: 0,
    }
    say(`${count} lives go on after the payment (seed ${seed})`)
    await playLives(play, count, seed)
    say('every account is held against what the providers say in the end')
    const { faults, examples } = await judgeAll({ postgres, providers, lives: play.lives, published, journals })
    examples.forEach(say)
    const { supersededWithEffect } = play
    const own = {
      forgedTaken: answered.filter((one) => one.twist === 'forged' && isWrong(one)).length,
      supersededWithEffect,
      wrongAnswers: answered.filter(isWrong).length,
    }
    const handed = Object.fromEntries(twists.map((twist) => [twist, answered.filter((one) => one.twist === twist).length]))
    const missing = mustOccur.filter((what) => !tally.counts[what])
    const neverCame = [...missing, ...twists.filter((twist) => !handed[twist])]
    const isClean = [...Object.values(faults), ...Object.values(own)].every((fault) => fault === 0)
    return {
      ok: isClean && neverCame.length === 0 && count >= kindNames.length,
      lives: play.lives.length,
      notifications: answered.length,
      handed: handed as Record<Twist, number>,
      occurred: tally.counts,
      neverCame,
      ...own,
      ...faults,
    }
  } finally {
    await postgres.stop()
    await stage.stop()
  }
}
