import type { Random } from '../attacks/random.ts'
import type { Sent } from './collector.ts'
import type { Asked, Stage } from './stage.ts'

/** What happens to a payment at its provider, and what the market must make of it. */
interface Life {
  readonly provider: Sent['provider']
  readonly methods: readonly string[]
  readonly presses: readonly string[]
  /** On the provider's own page: it tells of nothing before the first try, and a card that it refuses ends nothing. */
  readonly onPage?: boolean
  readonly state: 'CAPTURED' | 'EXPIRED' | 'DENIED'
}

/** Late ones are paid after the expiry; a wallet may refuse once and take the money then, and so may a card page of another card. */
const lives: readonly Life[] = [
  { provider: 'midtrans', methods: ['BCA_VA', 'QRIS', 'GOPAY', 'SHOPEEPAY', 'KREDIVO'], presses: ['pay'], state: 'CAPTURED' },
  { provider: 'midtrans', methods: ['BNI_VA', 'QRIS'], presses: ['pay'], state: 'CAPTURED' },
  { provider: 'midtrans', methods: ['BRI_VA'], presses: ['expire', 'pay'], state: 'CAPTURED' },
  { provider: 'midtrans', methods: ['GOPAY'], presses: ['deny'], state: 'DENIED' },
  { provider: 'midtrans', methods: ['CARD'], presses: ['deny', 'pay'], onPage: true, state: 'CAPTURED' },
  { provider: 'midtrans', methods: ['PERMATA_VA'], presses: ['expire'], state: 'EXPIRED' },
  { provider: 'xendit', methods: ['OVO', 'DANA'], presses: ['pay'], state: 'CAPTURED' },
  { provider: 'xendit', methods: ['OVO', 'DANA'], presses: ['deny', 'pay'], state: 'CAPTURED' },
  { provider: 'xendit', methods: ['OVO', 'DANA'], presses: ['expire', 'pay'], state: 'CAPTURED' },
  { provider: 'xendit', methods: ['OVO', 'DANA'], presses: ['deny'], state: 'DENIED' },
  { provider: 'xendit', methods: ['DANA'], presses: ['expire'], state: 'EXPIRED' },
]

/** What a notification tells: that there is something to pay, that it is paid, or that it will not be. */
type Does = 'asks' | 'pays' | 'refuses'

/** A notification, and what the provider had done when it sent it. */
export interface Said extends Sent {
  readonly does: Does
}

/** A payment with everything that its provider said of it, in order. */
export interface Lived {
  readonly paymentId: string
  readonly orderId: string
  readonly provider: Sent['provider']
  readonly amount: number
  readonly state: Life['state']
  readonly said: readonly Said[]
}

/** What a notification of the n-th turn tells, where the first is about payments that were only made. */
function doesOf(life: Life | undefined, turn: number): Does {
  const press = life?.presses[turn - 1]
  if (press === 'pay') return 'pays'
  return press === undefined || life?.onPage ? 'asks' : 'refuses'
}

const atOnce = 8

/** Runs a list of jobs, a few at a time. */
export async function inParallel<T>(items: readonly T[], workers: number, work: (item: T, index: number) => Promise<void>) {
  let next = 0
  const run = async () => {
    while (next < items.length) {
      const index = next++
      await work(items[index]!, index)
    }
  }
  await Promise.all(Array.from({ length: workers }, run))
}

/** Lives payments through at their providers until at least so many notifications were sent. */
export async function live(stage: Stage, random: Random, notifications: number): Promise<readonly Lived[]> {
  const planned: (Life & { readonly method: string; readonly amount: number })[] = []
  // A payment at Midtrans is told of when it is made, too, but for a page.
  for (let sent = 0; sent < notifications;) {
    const life = random.of(lives)
    planned.push({ ...life, method: random.of(life.methods), amount: 10_000 + random.upTo(1_000_000) })
    sent += life.presses.length + (life.provider === 'midtrans' && !life.onPage ? 1 : 0)
  }
  const asked: Asked[] = []
  await inParallel(planned, atOnce, async ({ method, amount }, index) => {
    asked[index] = await stage.ask(method, amount)
  })
  // How much was said by the end of each turn.
  const saidBy: number[] = []
  const hear = async () => {
    await stage.flush()
    saidBy.push(stage.sent.length)
  }
  await hear()
  for (const turn of [0, 1]) {
    const acting = planned.flatMap(({ provider, presses }, index) =>
      presses[turn] ? [{ provider, index, action: presses[turn] }] : [],
    )
    await inParallel(acting, atOnce, ({ provider, index, action }) => stage.press(provider, asked[index]!.paymentId, action))
    await hear()
  }
  const said = new Map<string, Said[]>(asked.map(({ paymentId }) => [paymentId, []]))
  const lifeOf = new Map(planned.map((life, index) => [asked[index]!.paymentId, life]))
  for (const [index, one] of stage.sent.entries()) {
    const turn = saidBy.findIndex((count) => index < count)
    said.get(one.about)?.push({ ...one, does: doesOf(lifeOf.get(one.about), turn) })
  }
  return planned.map(({ provider, amount, state }, index) => {
    const { paymentId, orderId } = asked[index]!
    return { paymentId, orderId, provider, amount, state, said: said.get(paymentId) ?? [] }
  })
}
