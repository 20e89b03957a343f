import { json, serve, type HttpRequest, type HttpResponse, type HttpServer } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import { parseJson } from '@pasar/shared/parse-json'
import { amountText, signatureOf } from '../src/providers/midtrans-message.ts'

export const serverKey = 'test-server-key'
export const merchantKey = 'test-merchant-key'

type Fields = Record<string, unknown>

/** What the provider of a test knows of one payment. */
export interface Transaction {
  readonly order_id: string
  readonly transaction_id: string
  readonly gross_amount: string
  readonly payment_type: string
  transaction_status: string
  /** What the fraud check says of a capture; accepted where nothing is said. */
  fraud_status?: 'challenge'
  refunds: { refund_key: string; refund_amount: string }[]
}

const extras: Record<string, (id: string) => Fields> = {
  bank_transfer: () => ({ va_numbers: [{ bank: 'bca', va_number: '812345678901' }] }),
  permata: () => ({ permata_va_number: '850000123456' }),
  qris: (id) => ({
    qr_string: `00020101-${id}`,
    actions: [{ name: 'generate-qr-code', method: 'GET', url: `https://pay.example/${id}/qr` }],
  }),
  gopay: (id) => ({ actions: [{ name: 'generate-qr-code', method: 'GET', url: `https://pay.example/${id}/qr` }] }),
  shopeepay: (id) => ({ actions: [{ name: 'deeplink-redirect', method: 'GET', url: `https://pay.example/${id}/app` }] }),
}

const codes: Readonly<Record<string, string>> = { pending: '201', expire: '407' }

/** What ends a payment at the provider, and from where. */
const endings: Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>> = {
  expire: { from: ['pending'], to: 'expire' },
  deny: { from: ['challenge'], to: 'deny' },
  cancel: { from: ['pending', 'authorize', 'challenge', 'capture'], to: 'cancel' },
}

/** Fields that a notification, a status and a cancel answer share. */
export function fieldsOf(transaction: Transaction, status = transaction.transaction_status, rest: Fields = {}): Fields {
  const { order_id, transaction_id, gross_amount, payment_type, fraud_status = 'accept' } = transaction
  const fields = {
    order_id,
    transaction_id,
    gross_amount,
    payment_type,
    transaction_status: status,
    status_code: codes[status] ?? '200',
    currency: 'IDR',
    transaction_time: '2026-11-18 12:00:00',
    ...(status === 'capture' && { fraud_status }),
    ...rest,
  }
  return { ...fields, signature_key: signatureOf(fields, serverKey) }
}

/** What a status answer tells of money that went back. */
const refundsOf = ({ refunds }: Transaction): Fields =>
  refunds.length > 0 ? { refund_amount: amountText(sumOf(refunds)), refunds } : {}

const sumOf = (refunds: Transaction['refunds']): bigint =>
  refunds.reduce((sum, { refund_amount }) => sum + BigInt(Number.parseInt(refund_amount, 10)), 0n)

/** What the provider of a test was asked to send to a bank. */
export interface SentPayout {
  readonly key: string
  readonly body: string
  readonly at: Date
  readonly reference_no: string
  readonly amount: string
  readonly notes: string
  status: string
}

/** A provider that speaks Midtrans over HTTP, does what it is told at once, and can be down or slow to answer. */
export interface ProviderForTest {
  readonly url: string
  readonly transactions: Map<string, Transaction>
  readonly calls: string[]
  readonly payouts: SentPayout[]
  now: () => Date
  /** Answers 503 to calls whose path ends so, without doing anything; or does it and loses the answer (of all calls, or of those whose path ends so). */
  down: string | undefined
  losesAnswers: boolean | string
  /** The code by which it refuses every refund. */
  refusesRefunds: number | undefined
  /** What it answers to every payout that it has not taken, and to all where it lets nobody in. */
  refusesPayouts: HttpResponse | undefined
  /** Until when it keeps its answer to a payout back, of which it has decided already. */
  holdsPayouts: Promise<void> | undefined
  stop(): Promise<void>
}

const dayMs = 86_400_000
const notUnique = { error_message: 'idempotency-key is not unique', errors: 'idempotency-key is not unique' }

/** Takes a payout in, once as long as it knows its key; what becomes of it is for the test to say. */
function takePayout(payouts: SentPayout[], { headers, body }: HttpRequest, now: Date) {
  const key = headers['x-idempotency-key']!
  const midnight = Math.floor(now.getTime() / dayMs) * dayMs
  const known = payouts.find((one) => one.key === key && midnight - one.at.getTime() <= dayMs)
  if (known && known.body !== body) return json(400, notUnique)
  const [wanted] = (parseJson(body) as { payouts: { notes: string; amount: string }[] }).payouts
  const { notes, amount } = wanted!
  const before = payouts.filter((one) => one.key === key).length
  const reference_no = `${payoutReference(notes)}${before > 0 ? `-${before + 1}` : ''}`
  const taken = known ?? { key, body, at: now, reference_no, amount, notes, status: 'queued' }
  if (!known) payouts.push(taken)
  return json(201, { payouts: [{ status: 'queued', reference_no: taken.reference_no, amount }] })
}

/** What the provider of a test calls a withdrawal. */
export const payoutReference = (withdrawalId: string): string => `iris-${withdrawalId.replaceAll(/[ _]/g, '-')}`

export async function openProviderForTest(): Promise<ProviderForTest> {
  const transactions = new Map<string, Transaction>()
  const calls: string[] = []
  const payouts: SentPayout[] = []
  const state = {
    down: undefined as string | undefined,
    losesAnswers: false as boolean | string,
    refusesRefunds: undefined as number | undefined,
    refusesPayouts: undefined as HttpResponse | undefined,
    holdsPayouts: undefined as Promise<void> | undefined,
    now: () => new Date(0),
  }
  const answer = (code: number, fields: Fields) => json(200, { status_code: String(code), ...fields })
  const unknown = () => answer(404, { status_message: "Transaction doesn't exist." })
  const charge = (body: Fields) => {
    const details = body['transaction_details'] as { order_id: string; gross_amount: number }
    if (transactions.has(details.order_id)) return answer(406, { status_message: 'order_id has already been utilized' })
    const transaction: Transaction = {
      order_id: details.order_id,
      transaction_id: `tx-${transactions.size + 1}-${details.order_id}`,
      gross_amount: amountText(BigInt(details.gross_amount)),
      payment_type: String(body['payment_type']),
      transaction_status: 'pending',
      refunds: [],
    }
    transactions.set(details.order_id, transaction)
    return json(200, { ...fieldsOf(transaction), ...extras[transaction.payment_type]!(transaction.transaction_id) })
  }
  const act = (action: string, transaction: Transaction, body: Fields) => {
    // As the real one: a status query repeats virtual accounts, and no links.
    const again = transaction.payment_type === 'bank_transfer' ? extras['bank_transfer']!('') : {}
    if (action === 'status') return json(200, { ...fieldsOf(transaction), ...again, ...refundsOf(transaction) })
    const ending = endings[action]
    if (ending) {
      if (!ending.from.includes(transaction.fraud_status ?? transaction.transaction_status))
        return answer(412, { status_message: 'cannot modify the status' })
      transaction.transaction_status = ending.to
      return json(200, fieldsOf(transaction))
    }
    if (state.refusesRefunds !== undefined) return answer(state.refusesRefunds, { status_message: 'cannot be refunded' })
    if (transaction.transaction_status === 'pending') return answer(412, { status_message: 'cannot be refunded' })
    const given = { refund_key: String(body['refund_key']), refund_amount: amountText(BigInt(String(body['amount']))) }
    const total = sumOf([...transaction.refunds, given])
    const gross = BigInt(Number.parseInt(transaction.gross_amount, 10))
    if (total > gross) return answer(412, { status_message: 'exceeds the amount' })
    transaction.refunds.push(given)
    transaction.transaction_status = total === gross ? 'refund' : 'partial_refund'
    return json(200, fieldsOf(transaction))
  }
  const withFaults = (handle: (request: HttpRequest) => ReturnType<typeof json>) => (request: HttpRequest) => {
    if (state.down !== undefined && request.path.endsWith(state.down)) return json(503, { status_code: '503' })
    const response = handle(request)
    const { losesAnswers: loses } = state
    return (typeof loses === 'string' ? request.path.endsWith(loses) : loses) ? json(503, { status_code: '503' }) : response
  }
  const sendPayout = withFaults((request) => {
    const { refusesPayouts: refusal } = state
    const isTaken = payouts.some(({ key }) => key === request.headers['x-idempotency-key'])
    return refusal && !(isTaken && refusal.status === 400) ? refusal : takePayout(payouts, request, state.now())
  })
  const answerPayout = async (request: HttpRequest) => {
    calls.push(`${request.method} ${request.path}`)
    const [answered, held] = [sendPayout(request), state.holdsPayouts]
    await held
    return answered
  }
  const showPayout = withFaults(({ parameters }) => {
    const payout = payouts.find(({ reference_no }) => reference_no === parameters['reference'])
    if (!payout) return json(404, { error_message: 'not found', errors: 'not found' })
    const { reference_no, amount, notes, status } = payout
    return json(200, { reference_no, amount, notes, status })
  })
  const guarded = (handle: (request: HttpRequest) => ReturnType<typeof json>) => (request: HttpRequest) => {
    calls.push(`${request.method} ${request.path}`)
    if (request.headers['authorization'] !== `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}`)
      return json(401, { status_code: '401' })
    return withFaults(handle)(request)
  }
  const byOrder = guarded(({ parameters, body }) => {
    const transaction = transactions.get(parameters['order']!)
    return transaction ? act(parameters['action']!, transaction, body === '' ? {} : (parseJson(body) as Fields)) : unknown()
  })
  const http: HttpServer = await serve(
    [
      { method: 'POST', path: '/v2/charge', handle: guarded(({ body }) => charge(parseJson(body) as Fields)) },
      {
        method: 'POST',
        path: '/snap/v1/transactions',
        handle: guarded(() => json(201, { token: 't', redirect_url: 'https://pay.example/card' })),
      },
      { method: 'POST', path: '/iris/api/v1/payouts', handle: answerPayout },
      { method: 'GET', path: '/iris/api/v1/payouts/:reference', handle: showPayout },
      { method: 'GET', path: '/v2/:order/:action', handle: byOrder },
      { method: 'POST', path: '/v2/:order/:action', handle: byOrder },
    ],
    { host: '127.0.0.1', port: 0, log: openLog('silent', 'provider') },
  )
  return Object.assign(state, { url: `http://127.0.0.1:${http.port}`, transactions, calls, payouts, stop: () => http.stop() })
}
