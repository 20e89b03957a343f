import { isDeepStrictEqual } from 'node:util'
import { isSigned } from '@pasar/payments/providers/midtrans-message'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import { openRandom } from '../attacks/random.ts'
import { proveAfter, type AfterSummary } from './after/prove.ts'
import { planChaos, type Handed, type Plan, type Shares, type Twist } from './chaos.ts'
import { effectsOf, readLog, verify, wronglyLogged, type Answer } from './effects.ts'
import { inParallel, live } from './lives.ts'
import { openStage, type Stage } from './stage.ts'

/** What the proof came to. */
export interface WebhookSummary {
  /** No fault, and everything was handed over as badly as was asked for. */
  readonly ok: boolean
  /** Whether as much was asked for as the market promises to stand. */
  readonly isWhole: boolean
  readonly seed: number
  readonly payments: number
  readonly notifications: number
  readonly handed: Readonly<Record<Twist, number>>
  /** Answers by twist, as HTTP status and word. */
  readonly answers: Readonly<Record<string, number>>
  readonly forgedTaken: number
  readonly supersededWithEffect: number
  /** Payments whose state, journals, events or refunds are not what the provider's doing makes, each once. */
  readonly wrongEffects: number
  readonly wrongStates: number
  /** Journals and payments of which no provider knows. */
  readonly unasked: number
  /** Answers that are not those that each twist must be given. */
  readonly wrongAnswers: number
  /** Notifications that the log has of another payment or with another outcome than was answered, or does not have. */
  readonly wronglyLogged: number
  readonly ledgerSum: number
  readonly testVector: boolean
  readonly perSecond: number
  readonly p99Ms: number
  /** The second part: what comes after the payment. */
  readonly after: AfterSummary
}

/** How much to prove. */
export interface WebhookOptions {
  readonly databaseUrl: string
  readonly notifications: number
  /** Lives that go on after the payment. */
  readonly lives: number
  readonly seed: number
  readonly say: (line: string) => void
}

const workers = 16

/** The vector that Midtrans' documentation gives the inputs of. */
const vector = {
  order_id: '1111',
  status_code: '200',
  gross_amount: '100000.00',
  signature_key:
    'edc076b21793ebe3e17926350f5b8ae67d902fe657b3d0aa31b932d5c127e2375d308a2bc94f3265ac2d80a1f181a79b997ac178a236fcff35af263fc4d4c231',
}
const vectorKey = 'askvnoibnosifnboseofinbofinfgbiufglnbfg'

interface Answered extends Answer {
  readonly twist: Twist
  readonly milliseconds: number
}

async function hand({ url }: Stage, { sent, twist }: Handed): Promise<Answered> {
  const began = performance.now()
  const response = await fetch(`${url}/notifications/${sent.provider}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...sent.headers },
    body: JSON.stringify(sent.fields),
  })
  const { status } = (await response.json()) as { readonly status?: string }
  const answer = `${response.status} ${status ?? ''}`.trim()
  return { about: sent.about, twist, answer, milliseconds: performance.now() - began }
}

/** Hands everything over; what is out of date must leave its payment as it is. */
async function handAll(stage: Stage, postgres: Postgres, plans: readonly Plan[]) {
  const answered: Answered[] = []
  let supersededWithEffect = 0
  await inParallel(plans, workers, async ({ lived: { paymentId }, turns }) => {
    for (const turn of turns) {
      const isStale = turn.some(({ twist }) => twist === 'superseded')
      const before = isStale ? await effectsOf(postgres, [paymentId]) : undefined
      answered.push(...(await Promise.all(turn.map((one) => hand(stage, one)))))
      if (before && !isDeepStrictEqual(await effectsOf(postgres, [paymentId]), before)) supersededWithEffect += 1
    }
  })
  return { answered, supersededWithEffect, wronglyLogged: wronglyLogged(answered, await readLog(postgres)) }
}

const countBy = (answered: readonly Answered[], keyOf: (one: Answered) => string) => {
  const counts: Record<string, number> = {}
  for (const one of answered) counts[keyOf(one)] = (counts[keyOf(one)] ?? 0) + 1
  return counts
}

/** What may be answered: a copy that comes at the same moment may be the first, and what changes places may be out of date. */
const mayAnswer: Readonly<Record<Twist, readonly string[]>> = {
  plain: ['200 applied', '200 duplicate'],
  reordered: ['200 applied', '200 superseded', '200 duplicate'],
  duplicated: ['200 applied', '200 superseded', '200 duplicate'],
  superseded: ['200 superseded'],
  forged: ['403 refused'],
}

/** What a whole proof is. */
const whole = { notifications: 10_000, lives: 2_000 }

function sharesOf(notifications: number): Shares {
  const part = (share: number) => Math.round(notifications * share)
  return { duplicated: part(0.1), reordered: part(0.1), superseded: part(0.05), forged: part(0.02) }
}

interface Handing {
  readonly answered: readonly Answered[]
  readonly supersededWithEffect: number
  readonly wronglyLogged: number
}

function judge(shares: Shares, { answered, ...handing }: Handing, verified: Awaited<ReturnType<typeof verify>>) {
  const handed = { plain: 0, reordered: 0, duplicated: 0, superseded: 0, forged: 0, ...countBy(answered, ({ twist }) => twist) }
  const isWrong = ({ twist, answer }: Answered) => !mayAnswer[twist].includes(answer)
  const faults = {
    forgedTaken: answered.filter((one) => one.twist === 'forged' && isWrong(one)).length,
    ...handing,
    wrongAnswers: answered.filter(isWrong).length,
    ...verified,
  }
  const testVector = isSigned(vector, vectorKey)
  // Payments change places as a whole, so that a few notifications more may have than were to.
  const { reordered, ...exact } = shares
  const isBad = handed.reordered >= reordered && Object.entries(exact).every(([twist, count]) => handed[twist as Twist] === count)
  const isClean = Object.values(faults).every((fault) => fault === 0)
  return { ok: isBad && isClean && testVector && answered.length > 0, handed, ...faults, testVector }
}

/** Hands notifications of both providers over as badly as they may arrive, and counts what they did: of payments, and of what comes after. */
export async function proveWebhooks(options: WebhookOptions): Promise<WebhookSummary> {
  const paid = await provePayments(options)
  const after = await proveAfter(options)
  const isWhole = paid.isWhole && after.lives >= whole.lives
  return { ...paid, ok: paid.ok && after.ok, isWhole, after }
}

/** The first part: that payments are made, paid, refused or run out. */
export async function provePayments({
  databaseUrl,
  notifications,
  seed,
  say,
}: Omit<WebhookOptions, 'lives'>): Promise<Omit<WebhookSummary, 'after'>> {
  const random = openRandom(seed)
  const stage = await openStage(databaseUrl)
  const postgres = openPostgres({ url: databaseUrl, connectionsMax: 4 })
  try {
    const shares = sharesOf(notifications)
    say(`payments are made and paid at both providers (seed ${seed})`)
    const all = await live(stage, random, notifications - shares.duplicated - shares.superseded - shares.forged)
    const plans = planChaos(all, shares, { random, serverKey: stage.settings.PAYMENT_SERVER_KEY })
    say(`${plans.flatMap(({ turns }) => turns.flat()).length} notifications about ${all.length} payments are handed over`)
    const began = performance.now()
    const handing = await handAll(stage, postgres, plans)
    const seconds = (performance.now() - began) / 1000
    say('the market asks the providers about what did not fit')
    while ((await stage.subgraph.work()) > 0);
    const { answered } = handing
    const { ok, ...judged } = judge(shares, handing, await verify(postgres, plans))
    const times = answered.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b)
    return {
      ok,
      isWhole: answered.length >= whole.notifications,
      seed,
      payments: all.length,
      notifications: answered.length,
      answers: countBy(answered, ({ twist, answer }) => `${twist}: ${answer}`),
      ...judged,
      perSecond: Math.round(answered.length / seconds),
      p99Ms: Math.round(times[Math.floor(times.length * 0.99)] ?? 0),
    }
  } finally {
    await postgres.stop()
    await stage.stop()
  }
}
