import type { PasarEvent } from '@pasar/schema/events'
import { checkStatement } from '@pasar/payments/store/invariants'
import type { Postgres } from '@pasar/shared/postgres/pool'
import { inParallel } from '../lives.ts'
import type { LifeFacts } from './facts.ts'
import type { Life } from './life.ts'
import { look, type Found } from './look.ts'
import { expectedOf, isRefunded, type Books } from './oracle.ts'
import type { Providers } from './providers.ts'

/** What is wrong with lives that went on after the payment; all of it must be 0. */
export interface AfterFaults {
  /** Lives of which an account says another sum than the providers' final word makes it. */
  readonly wrongBooks: number
  /** Of these: people have more than that, and less. */
  readonly moneyTwice: number
  readonly moneyMissing: number
  /** What was told to the market more than once: that a refund is done, a withdrawal over, a payment here, an order paid out. */
  readonly doubleEffects: number
  /** Refunds and withdrawals that neither have come about nor were ended. */
  readonly notAtAnEnd: number
  readonly wrongStates: number
  /** Withdrawals that the bank has, and that are on the shop's balance again. */
  readonly paidAndPutBack: number
  /** Journals that belong to no life. */
  readonly unasked: number
  readonly brokenInvariants: number
  readonly ledgerSum: number
}

/** What is true of a life in the end. */
async function factsOf(providers: Providers, life: Life): Promise<LifeFacts> {
  const { plan, paymentId, buyerId, orders, story, withdrawals } = life
  const wentBack = await providers.wentBack(life)
  const payment = { provider: plan.provider, paymentId, buyerId, method: plan.method, orders, story, wentBack }
  const ended = withdrawals.map(async (one) => ({ ...one, isAtBank: await providers.isAtBank(life, one) }))
  return { payments: [payment], withdrawals: await Promise.all(ended) }
}

/** Whom money belongs to that is on an account. */
const isOfPeople = (account: string): boolean => /^(BUYER_WALLET|SELLER_BALANCE|SELLER_RECEIVABLE):/.test(account)

/** What accounts say beside what they must say. */
function difference(expected: Books, { sums }: Found): ReadonlyMap<string, number> {
  const found = new Map(sums.map(({ account, sum }) => [account, sum]))
  const accounts = new Set([...expected.keys(), ...found.keys()])
  const pairs = [...accounts].map((account) => [account, (found.get(account) ?? 0) - (expected.get(account) ?? 0)] as const)
  return new Map(pairs.filter(([, amount]) => amount !== 0))
}

interface Judged {
  readonly name: string
  readonly difference: ReadonlyMap<string, number>
  readonly unended: number
  readonly isWrongState: boolean
  readonly paidAndPutBack: number
  readonly journals: number
}

async function judge(postgres: Postgres, providers: Providers, life: Life): Promise<Judged> {
  const facts = await factsOf(providers, life)
  const found = await look(postgres, life)
  const { books, waiting } = expectedOf(facts)
  const isOpen = (row: string) => /(REQUESTED|SENT)$/.test(row)
  const state = isRefunded(facts.payments[0]!) ? 'REFUNDED' : 'CAPTURED'
  const putBack = facts.withdrawals.filter(
    ({ withdrawalId, isAtBank }) =>
      isAtBank && found.journals.some((one) => one.startsWith('payout_') && one.endsWith(withdrawalId)),
  )
  return {
    name: `${life.plan.name}, ${life.plan.provider} ${life.plan.method} ${life.paymentId}`,
    difference: difference(books, found),
    unended: new Set([...waiting, ...[...found.refunds, ...found.withdrawals].filter(isOpen)]).size,
    isWrongState: found.state !== state,
    paidAndPutBack: putBack.length,
    journals: found.journals.length,
  }
}

/** What an event says has happened; the same must not be told twice. */
function effectOf(event: PasarEvent): string | undefined {
  if (event.type === 'RefundCompleted') return `refund ${event.payload.refundId}`
  if (event.type === 'WithdrawalEnded') return `withdrawal ${event.payload.withdrawalId} ${event.payload.state}`
  if (event.type === 'PaymentCaptured') return `payment ${event.payload.paymentId}`
  return event.type === 'EscrowReleased' ? `order ${event.payload.orderId}` : undefined
}

/** Effects that were told more than once, by events of their own. */
function toldTwice(published: readonly PasarEvent[]): number {
  const events = new Map(published.map((event) => [event.id, event]))
  const effects = [...events.values()].flatMap((event) => effectOf(event) ?? [])
  return effects.length - new Set(effects).size
}

const atOnce = 8
const journalCount = 'SELECT count(*)::int AS n FROM journal'

/** How many journals there are. */
export const countJournals = async ({ pool }: Postgres): Promise<number> =>
  (await pool.query<{ n: number }>(journalCount)).rows[0]!.n

/** What is looked at in the end. */
export interface Ended {
  readonly postgres: Postgres
  readonly providers: Providers
  readonly lives: readonly Life[]
  readonly published: readonly PasarEvent[]
  /** Journals that were there before. */
  readonly journals: number
}

/** Holds the ledger against what must be, life by life; the first few that are wrong, in words. */
export async function judgeAll(ended: Ended): Promise<{ readonly faults: AfterFaults; readonly examples: readonly string[] }> {
  const { postgres, providers, lives, published, journals } = ended
  const judged: Judged[] = []
  await inParallel(lives, atOnce, async (life) => void judged.push(await judge(postgres, providers, life)))
  const wrong = judged.filter((one) => one.difference.size > 0)
  const ofPeople = wrong.map((one) =>
    [...one.difference].reduce((sum, [account, by]) => (isOfPeople(account) ? sum - by : sum), 0),
  )
  const { rows } = await postgres.pool.query<{ invariant: string; broken: number }>(checkStatement)
  const sum = await postgres.pool.query<{ sum: string }>('SELECT coalesce(sum(amount), 0)::text AS sum FROM posting')
  const count = (of: (one: Judged) => number) => judged.reduce((total, one) => total + of(one), 0)
  const bad = judged.filter((one) => one.difference.size > 0 || one.unended > 0 || one.isWrongState)
  return {
    faults: {
      wrongBooks: wrong.length,
      moneyTwice: ofPeople.filter((by) => by > 0).length,
      moneyMissing: ofPeople.filter((by) => by < 0).length,
      doubleEffects: toldTwice(published),
      notAtAnEnd: count(({ unended }) => unended),
      wrongStates: count(({ isWrongState }) => (isWrongState ? 1 : 0)),
      paidAndPutBack: count((one) => one.paidAndPutBack),
      unasked: Math.abs((await countJournals(postgres)) - journals - count((one) => one.journals)),
      brokenInvariants: rows.filter(({ broken }) => broken > 0).length,
      ledgerSum: Number(sum.rows[0]!.sum),
    },
    examples: bad
      .slice(0, 5)
      .map(({ name, difference: by, unended }) => `${name}: ${JSON.stringify([...by])}, ${unended} not at an end`),
  }
}
