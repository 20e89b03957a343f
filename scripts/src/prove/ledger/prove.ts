import { systemClock } from '@pasar/shared/clock'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { openRandom, type Random } from '../attacks/random.ts'
import { openProgress } from '../shares.ts'
import { inParallel } from '../webhooks/lives.ts'
import { openCommitProxy } from './proxy.ts'
import { takeSnapshots, type Snapshots } from './snapshots.ts'
import { fundingOf, openTransfers, ownerOf, type Outcome, type Transfer } from './transfers.ts'

/** How much to prove, and on what. */
export interface LedgerOptions {
  readonly databaseUrl: string
  /** Ends the server at once and starts it again. */
  readonly crash: () => Promise<void>
  readonly transfers: number
  readonly stops: number
  readonly drops: number
  readonly workers: number
  readonly seed: number
  readonly say: (line: string) => void
}

/** What the proof came to. */
export interface LedgerSummary extends Snapshots {
  /** No fault, and everything was done that was asked for. */
  readonly ok: boolean
  /** Whether as much was asked for as the market promises to stand. */
  readonly isWhole: boolean
  readonly seed: number
  readonly transfers: number
  readonly workers: number
  readonly stops: number
  readonly droppedReplies: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  /** How often a worker did not know what became of its transfer. */
  readonly unknown: number
  /** Transfers that a worker was told of and that are not there, or not as they were. */
  readonly missing: number
  /** Transfers that are there though nobody was told, or twice. */
  readonly extra: number
  /** Accounts whose balance is not what the transfers make it. */
  readonly wrongBalances: number
  readonly perSecond: number
  readonly seconds: number
}

const accounts = 200
const funding = 1_000_000
const wholeEveryMs = 5_000
/** What a whole proof is. */
const whole = { transfers: 1_000_000, stops: 20, drops: 1_000, workers: 32 }
/** About half as many want more than there is: a ledger that refuses more is one in which little was moved. */
const refusedShareMax = 0.1
/** Transfers after which it says how far it is. */
const saidEach = 50_000

const choose = (random: Random, transfers: number): Transfer[] =>
  Array.from({ length: transfers }, (_, n) => {
    const from = random.upTo(accounts)
    // Some take more than most accounts have: the database refuses them.
    const amount = 1 + random.upTo(random.upTo(20) === 0 ? 3 * funding : 20_000)
    return { reference: `transfer:${n}`, from, to: (from + 1 + random.upTo(accounts - 1)) % accounts, amount }
  })

const posted = `SELECT reference, array_agg(account_id || ' ' || amount ORDER BY amount DESC) AS movements FROM journal
  JOIN posting ON journal_id = journal.id WHERE reference LIKE 'transfer:%' GROUP BY journal.id, reference`
const balances = `SELECT owner_id AS owner, (-balance)::float8 AS balance FROM account WHERE kind = 'BUYER_WALLET'`

const movementsOf = ({ from, to, amount }: Transfer) =>
  `BUYER_WALLET:${ownerOf(from)} ${amount},BUYER_WALLET:${ownerOf(to)} ${-amount}`

/** What is in the ledger, against what the workers were told. */
async function compare(databaseUrl: string, chosen: readonly Transfer[], told: ReadonlyMap<string, Outcome>) {
  const { pool, stop } = openPostgres({ url: databaseUrl, connectionsMax: 1 })
  try {
    const { rows } = await pool.query<{ reference: string; movements: readonly string[] }>(posted)
    const there = new Map(rows.map(({ reference, movements }) => [reference, movements.join(',')]))
    const isTold = ({ reference }: Transfer) => told.get(reference) !== 'refused'
    const expected = new Map(Array.from({ length: accounts }, (_, account) => [ownerOf(account), funding]))
    const add = (account: number, amount: number) => expected.set(ownerOf(account), expected.get(ownerOf(account))! + amount)
    for (const transfer of chosen.filter(isTold)) {
      add(transfer.from, -transfer.amount)
      add(transfer.to, transfer.amount)
    }
    const missing = chosen.filter((transfer) => isTold(transfer) && there.get(transfer.reference) !== movementsOf(transfer))
    const extra = chosen.filter((transfer) => !isTold(transfer) && there.has(transfer.reference))
    const kept = (await pool.query<{ owner: string; balance: number }>(balances)).rows
    return {
      missing: missing.length,
      extra: extra.length + rows.length - there.size,
      wrongBalances:
        kept.filter(({ owner, balance }) => balance !== expected.get(owner)).length + Math.abs(accounts - kept.length),
    }
  } finally {
    await stop()
  }
}

/** Moves money between accounts while the server is ended and replies to COMMIT get lost, and compares the ledger with what was told. */
export async function proveLedger(options: LedgerOptions): Promise<LedgerSummary> {
  const { databaseUrl, transfers, stops, drops, workers, seed, say } = options
  const random = openRandom(seed)
  const proxy = await openCommitProxy(databaseUrl)
  const postgres = openPostgres({ url: proxy.url, connectionsMax: workers })
  const ledger = openTransfers(postgres, systemClock)
  const told = new Map<string, Outcome>()
  try {
    await ledger.fund(fundingOf(accounts, funding))
    const chosen = choose(random, transfers)
    const dropAt = new Set(
      Array.from({ length: drops }, (_, n) => Math.floor(((n + random.upTo(1000) / 1000) * transfers) / (drops + 1))),
    )
    const stopAt = new Set(Array.from({ length: stops }, (_, n) => Math.floor(((n + 1) * transfers) / (stops + 1))))
    const endSnapshots = takeSnapshots(databaseUrl, accounts * funding, wholeEveryMs)
    say(`${transfers} transfers by ${workers} workers, ${stops} hard stops, ${drops} lost replies (seed ${seed})`)
    let crashing: Promise<void> = Promise.resolve()
    let crashed = 0
    const progress = openProgress(transfers)
    const began = performance.now()
    await inParallel(chosen, workers, async (transfer, index) => {
      if (dropAt.has(index)) proxy.dropNext()
      if (stopAt.has(index))
        crashing = crashing.then(async () => {
          await options.crash()
          crashed += 1
        })
      told.set(transfer.reference, await ledger.post(transfer))
      if (told.size % saidEach === 0) say(`${progress(told.size)}: ${crashed} hard stops, ${proxy.dropped()} lost replies`)
    })
    await crashing
    const seconds = (performance.now() - began) / 1000
    say('every posting is compared with what the workers were told')
    const snapshots = await endSnapshots()
    const compared = await compare(databaseUrl, chosen, told)
    const count = (outcome: Outcome) => [...told.values()].filter((one) => one === outcome).length
    const faults = snapshots.unbalanced + snapshots.negative + compared.missing + compared.extra + compared.wrongBalances
    const isDone = told.size === transfers && crashed === stops && proxy.dropped() === drops
    const isMoved = count('posted') > 0 && count('refused') < refusedShareMax * transfers
    return {
      ok: faults === 0 && isDone && isMoved && snapshots.whole > 1,
      isWhole: transfers >= whole.transfers && stops >= whole.stops && drops >= whole.drops && workers >= whole.workers,
      seed,
      transfers,
      workers,
      stops: crashed,
      droppedReplies: proxy.dropped(),
      outcomes: { posted: count('posted'), 'found posted': count('found posted'), refused: count('refused') },
      unknown: ledger.unknown(),
      ...snapshots,
      ...compared,
      perSecond: Math.round(transfers / seconds),
      seconds: Math.round(seconds),
    }
  } finally {
    await postgres.stop()
    await proxy.stop()
  }
}
