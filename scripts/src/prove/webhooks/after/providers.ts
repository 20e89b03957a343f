import type { Stage } from '../stage.ts'
import type { WentBack } from './facts.ts'
import { refundsOf, type Life, type Withdrawal } from './life.ts'
import { justAsking, listedAtMidtrans, nameAtMidtrans } from './weather.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a provider lists: made, or only on its way. */
interface Listed extends WentBack {
  readonly isMade: boolean
}

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` })

/** Sends something to a simulated provider, in whatever weather. */
const sendTo = (simulators: string) => async (path: string, headers: Readonly<Record<string, string>>, body?: object) => {
  const response = await fetch(`${simulators}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { ...justAsking, 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, fields: (await response.json()) as Fields }
}

/** Asks what has gone back of payments, or is on its way. */
function openLists(send: ReturnType<typeof sendTo>, { PAYMENT_SERVER_KEY, XENDIT_SECRET_KEY }: Stage['settings']) {
  const atMidtrans = async ({ paymentId }: Life): Promise<readonly Listed[]> => {
    const { fields } = await send(`/midtrans/v2/${paymentId}/status`, basic(PAYMENT_SERVER_KEY))
    return listedAtMidtrans(fields).map((one) => ({
      name: nameAtMidtrans(one),
      amount: Number.parseInt(String(one['refund_amount']), 10),
      isMade: true,
      isReturned: false,
    }))
  }
  /** Each refund may have been tried under three names. */
  const refundAtXendit = async (name: string, key: string): Promise<Listed | undefined> => {
    const { status, fields } = await send(`/xendit/v3/refunds/rfd-${key}`, basic(XENDIT_SECRET_KEY))
    if (status === 404 || fields['status'] === 'FAILED') return undefined
    return { name, amount: Number(fields['amount']), isMade: fields['status'] === 'SUCCEEDED', isReturned: false }
  }
  const disputeAtXendit = async (name: string): Promise<Listed | undefined> => {
    const { status, fields } = await send(`/xendit/v1/disputes/${name}`, basic(XENDIT_SECRET_KEY))
    if (status === 404) return undefined
    const amount = Number.parseInt(String((fields['amount'] as Fields)['initial']), 10)
    return { name, amount, isMade: true, isReturned: fields['status'] === 'WON' }
  }
  const atXendit = async (life: Life): Promise<readonly Listed[]> => {
    const ours = refundsOf(life).flatMap((name) => ['', ':2', ':3'].map((more) => [name, `${name}${more}`] as const))
    const theirs = [...life.unasked.keys()]
    const found = await Promise.all([
      ...ours.map(([name, key]) => refundAtXendit(name, key)),
      ...theirs.map((name) => (name.startsWith('dspt-') ? disputeAtXendit(name) : refundAtXendit(name, name))),
    ])
    return found.filter((one) => one !== undefined)
  }
  return (life: Life) => (life.plan.provider === 'midtrans' ? atMidtrans(life) : atXendit(life))
}

/** Asks the simulated providers what is true, and has people do things there. */
export function openProviders({ simulators, settings }: Pick<Stage, 'simulators' | 'settings'>) {
  const { PAYMENT_SERVER_KEY, PAYOUT_KEY, XENDIT_SECRET_KEY } = settings
  const send = sendTo(simulators)
  const listed = openLists(send, settings)
  return {
    /** All that has gone back of a life's payment. */
    wentBack: async (life: Life): Promise<readonly WentBack[]> => (await listed(life)).filter(({ isMade }) => isMade),
    /** What of a payment neither has gone back nor is on its way back. */
    left: async (life: Life): Promise<number> => {
      const whole = life.orders.reduce((sum, { items, shipping }) => sum + items + shipping, 0)
      return whole - (await listed(life)).reduce((sum, { amount, isReturned }) => (isReturned ? sum : sum + amount), 0)
    },
    /** Whether a provider says that the bank has a withdrawal. */
    isAtBank: async ({ plan }: Life, { withdrawalId }: Withdrawal): Promise<boolean> => {
      const path =
        plan.provider === 'midtrans' ? `iris/api/v1/payouts/ir-${withdrawalId}` : `v2/payouts?reference_id=${withdrawalId}`
      const key = plan.provider === 'midtrans' ? PAYOUT_KEY : XENDIT_SECRET_KEY
      const { fields } = await send(`/${plan.provider}/${path}`, basic(key))
      const { data } = fields as { readonly data?: readonly Fields[] }
      return ['completed', 'SUCCEEDED'].includes(String((data?.[0] ?? fields)['status']))
    },
    /** Somebody gives back in the provider's own pages; whether it lets them. */
    giveBack: async ({ plan, paymentId }: Life, name: string, amount: number): Promise<boolean> => {
      if (plan.provider === 'xendit') {
        const body = { reference_id: name, payment_request_id: `pr-${paymentId}`, amount, currency: 'IDR' }
        return (await send('/xendit/v3/refunds', { ...basic(XENDIT_SECRET_KEY), 'idempotency-key': name }, body)).status === 200
      }
      const body = { refund_key: name, amount, reason: 'by hand' }
      const { fields } = await send(`/midtrans/v2/${paymentId}/refund`, basic(PAYMENT_SERVER_KEY), body)
      return fields['status_code'] === '200'
    },
    /** Somebody at the provider, a bank or a wallet does something; whether it could be done. */
    press: async (path: string, body: object = {}): Promise<boolean> => (await send(path, {}, body)).status === 200,
  }
}

/** See openProviders. */
export type Providers = ReturnType<typeof openProviders>
