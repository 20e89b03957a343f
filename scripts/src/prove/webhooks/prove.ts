import { isSigned } from '@pasar/payments/providers/midtrans-message'
import { openPostgres } from '@pasar/shared/postgres'
import { openRandom } from '../attacks/random.ts'
import { planChaos, type Handed, type Plan, type Twist } from './chaos.ts'
import { inParallel, live, type Lived } from './lives.ts'
import { openStage, type Stage } from './stage.ts'

/** What the proof came to. */
export interface WebhookSummary {
  readonly ok: boolean
  readonly seed: number
  readonly payments: number
  readonly notifications: number
  readonly handed: Readonly<Record<Twist, number>>
  /** Answers by twist, as HTTP status and word. */
  readonly answers: Readonly<Record<string, number>>
  readonly forgedTaken: number
  readonly supersededWithEffect: number
  readonly doubleEffects: number
  readonly wrongStates: number
  readonly ledgerSum: number
  readonly testVector: boolean
  readonly perSecond: number
  readonly p99Ms: number
}

/** How much to prove. */
export interface WebhookOptions {
  readonly databaseUrl: string
  readonly notifications: number
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

interface Answered {
  readonly twist: Twist
  readonly answer: string
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
  return { twist, answer: `${response.status} ${status ?? ''}`.trim(), milliseconds: performance.now() - began }
}

async function handAll(stage: Stage, plans: readonly Plan[]): Promise<Answered[]> {
  const answered: Answered[] = []
  await inParallel(plans, workers, async ({ turns }) => {
    for (const turn of turns) answered.push(...(await Promise.all(turn.map((one) => hand(stage, one)))))
  })
  return answered
}

const found = `SELECT payment.id, state, payment.amount,
    (SELECT count(*) FROM journal WHERE reference = 'capture:' || payment.id)::int AS captures,
    (SELECT count(*) FROM outbox_event WHERE aggregate_id = payment.id AND type = 'PaymentCaptured')::int AS told,
    (SELECT count(*) FROM outbox_event WHERE aggregate_id = payment.id AND type = 'PaymentFailed')::int AS failed,
    (SELECT coalesce(-sum(posting.amount), 0) FROM posting WHERE account_id = 'ESCROW:' || order_id)::bigint AS held
  FROM payment JOIN payment_order ON payment_id = payment.id`

interface Found {
  readonly id: string
  readonly state: string
  readonly captures: number
  readonly told: number
  readonly failed: number
  readonly held: string
}

/** What became of the payments, against what their providers did. */
async function verify(databaseUrl: string, all: readonly Lived[]) {
  const { pool, stop } = openPostgres({ url: databaseUrl, connectionsMax: 1 })
  try {
    const rows = new Map((await pool.query<Found>(found)).rows.map((row) => [row.id, row]))
    const { rows: sums } = await pool.query<{ sum: string; disputes: string }>(
      `SELECT coalesce(sum(amount), 0) AS sum, coalesce(sum(amount) FILTER (WHERE account_id = 'PROVIDER_DISPUTES'), 0) AS disputes FROM posting`,
    )
    const wrong = all.filter(({ paymentId, state }) => rows.get(paymentId)?.state !== state)
    const doubled = all.filter(({ paymentId, state, amount }) => {
      const { captures, told, failed, held } = rows.get(paymentId)!
      const times = state === 'CAPTURED' ? 1 : 0
      return captures !== times || told !== times || failed > 1 || Number(held) !== times * amount
    })
    return {
      wrongStates: wrong.length,
      doubleEffects: doubled.length + Number(sums[0]!.disputes),
      ledgerSum: Number(sums[0]!.sum),
    }
  } finally {
    await stop()
  }
}

const countBy = (answered: readonly Answered[], keyOf: (one: Answered) => string) => {
  const counts: Record<string, number> = {}
  for (const one of answered) counts[keyOf(one)] = (counts[keyOf(one)] ?? 0) + 1
  return counts
}

/** Hands notifications of both providers over as badly as they may arrive, and counts what they did. */
export async function proveWebhooks({ databaseUrl, notifications, seed, say }: WebhookOptions): Promise<WebhookSummary> {
  const random = openRandom(seed)
  const stage = await openStage(databaseUrl)
  const part = (share: number) => Math.round(notifications * share)
  try {
    const shares = { duplicated: part(0.1), reordered: part(0.1), superseded: part(0.05), forged: part(0.02) }
    say(`payments are made and paid at both providers (seed ${seed})`)
    const all = await live(stage, random, notifications - shares.duplicated - shares.superseded - shares.forged)
    const plans = planChaos(all, shares, { random, serverKey: stage.serverKey })
    say(`${plans.flatMap(({ turns }) => turns.flat()).length} notifications about ${all.length} payments are handed over`)
    const began = performance.now()
    const answered = await handAll(stage, plans)
    const seconds = (performance.now() - began) / 1000
    say('the market asks the providers about what did not fit')
    while ((await stage.subgraph.work()) > 0);
    const verified = await verify(databaseUrl, all)
    const times = answered.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b)
    const count = (twist: Twist, isWrong: (answer: string) => boolean) =>
      answered.filter((one) => one.twist === twist && isWrong(one.answer)).length
    const result = {
      forgedTaken: count('forged', (answer) => !answer.startsWith('403')),
      supersededWithEffect: count('superseded', (answer) => answer !== '200 superseded'),
      ...verified,
      testVector: isSigned(vector, vectorKey),
    }
    const refused = answered.some(({ twist, answer }) => twist !== 'forged' && !answer.startsWith('200'))
    const { testVector, ...faults } = result
    return {
      ok: testVector && !refused && Object.values(faults).every((fault) => fault === 0),
      seed,
      payments: all.length,
      notifications: answered.length,
      handed: { plain: 0, reordered: 0, duplicated: 0, superseded: 0, forged: 0, ...countBy(answered, ({ twist }) => twist) },
      answers: countBy(answered, ({ twist, answer }) => `${twist}: ${answer}`),
      ...result,
      perSecond: Math.round(answered.length / seconds),
      p99Ms: Math.round(times[Math.floor(times.length * 0.99)] ?? 0),
    }
  } finally {
    await stage.stop()
  }
}
