import { createHash, timingSafeEqual } from 'node:crypto'
import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { deliverDue, deliveryOf, later, outgoingOf, type Delivery, type DeliveryOptions, type Outgoing } from './deliveries.ts'
import { bodyOf, type Fields } from './fields.ts'
import type { PaidOut } from './payment-simulator.ts'
import { nextNotification } from './remembered.ts'

/** Money that the simulated provider was asked to send to a bank. */
export interface PayoutRecord {
  /** The merchant's idempotency key, which is our name for the withdrawal. */
  readonly key: string
  /** Its own name, where its key had been used before and was forgotten. */
  readonly id?: string
  /** What was asked for, literally. */
  readonly body?: string
  readonly amount: number
  readonly bank: string
  readonly notes?: string
  readonly status: 'sent' | 'paid' | 'failed' | 'reversed'
  /** When the bank will have it. */
  readonly arrivesAt: string
  readonly createdAt: string
  readonly outgoing: readonly Outgoing[]
}

/** How one provider speaks of payouts. */
export interface PayoutFormat {
  /** Its name in paths. */
  readonly name: 'midtrans' | 'xendit'
  readonly path: string
  readonly keyHeader: string
  /** Amount, bank and notes of a request's body; undefined when it cannot be sent. */
  read(body: Fields): Pick<PayoutRecord, 'amount' | 'bank' | 'notes'> | undefined
  /** Whether it does not know the key of a payout any more. */
  forgets(createdAt: Date, now: Date): boolean
  /** The answer to a known key with another body. */
  conflict(): HttpResponse
  created(payout: PayoutRecord): Fields
  listed(payout: PayoutRecord): Fields
  /** The answer to whoever asks for one that is not there. */
  absent(): HttpResponse
  told(payout: PayoutRecord): Fields
  headers(body: string): Readonly<Record<string, string>>
}

/** What the payout desk works with. */
export interface PayoutOptions extends DeliveryOptions<PayoutRecord> {
  readonly format: PayoutFormat
  readonly payoutKey: string
}

/** A bank takes a moment; nobody wants to wait for the next working day in front of a simulator. */
const arrivesAfterMs = 2_000

/** What the provider calls a payout. */
export const payoutName = ({ id, key }: PayoutRecord): string => id ?? key

const acts: Readonly<Record<string, { readonly from: PayoutRecord['status']; readonly to: PayoutRecord['status'] }>> = {
  pay: { from: 'sent', to: 'paid' },
  fail: { from: 'sent', to: 'failed' },
  reverse: { from: 'paid', to: 'reversed' },
}

function openPayoutDesk({ memory, clock, format, ...rest }: PayoutOptions) {
  const end = (payout: PayoutRecord, status: PayoutRecord['status'], delivery: Delivery = {}): PayoutRecord => {
    const changed = { ...payout, status }
    const notice = (of: PayoutRecord) => {
      const fields = format.told(of)
      return { fields, headers: format.headers(JSON.stringify(fields)) }
    }
    const newest = notice(changed)
    const forged = { ...newest, headers: Object.fromEntries(Object.keys(newest.headers).map((name) => [name, 'forged'])) }
    const outgoing = outgoingOf({ forged, newest, stale: notice({ ...payout, status: 'sent' }) }, delivery, clock)
    const saved = { ...changed, outgoing: [...changed.outgoing, ...outgoing] }
    memory.save(saved)
    return saved
  }
  const run = async (): Promise<number> => {
    const now = clock.now().toISOString()
    for (const payout of memory.all.values()) if (payout.status === 'sent' && payout.arrivesAt <= now) end(payout, 'paid')
    return deliverDue({ ...rest, memory, clock })
  }
  return { end, run }
}

function create({ memory, clock, format }: PayoutOptions, request: HttpRequest): HttpResponse {
  const key = request.headers[format.keyHeader]
  if (key === undefined) return json(400, { error_code: 'API_VALIDATION_ERROR', errors: ['idempotency key is missing'] })
  const { body } = request
  const now = clock.now()
  const before = memory.all.has(key) ? [...memory.all.values()].filter((one) => one.key === key) : []
  const known = before.find(({ createdAt }) => !format.forgets(new Date(createdAt), now))
  if (known) return (known.body ?? body) === body ? json(201, format.created(known)) : format.conflict()
  const wanted = format.read(bodyOf(request))
  if (!wanted) return json(400, { error_code: 'API_VALIDATION_ERROR', errors: ['An error occurred'] })
  const payout: PayoutRecord = {
    ...wanted,
    key,
    body,
    ...(before.length > 0 && { id: `${key}-${before.length + 1}` }),
    status: 'sent',
    arrivesAt: later(now, arrivesAfterMs),
    createdAt: now.toISOString(),
    outgoing: [],
  }
  memory.save(payout)
  return json(201, format.created(payout))
}

function press(
  options: PayoutOptions & { desk: ReturnType<typeof openPayoutDesk> },
  action: string,
  request: HttpRequest,
): HttpResponse {
  const payout = options.memory.all.get(request.parameters['withdrawal']!)
  const { from, to } = acts[action]!
  if (!payout) return json(404, { error: 'There is no such payout' })
  if (payout.status !== from) return json(409, { error: `The payout is ${payout.status} already` })
  const { key, status, outgoing } = options.desk.end(payout, to, deliveryOf(request))
  return json(200, { withdrawalId: key, status, notifications: outgoing.length })
}

/** Opens a provider's payout service: its interface for merchants, and buttons for what banks do. */
export function openPayouts(options: PayoutOptions, wake: () => void) {
  const { memory, format, payoutKey } = options
  const desk = openPayoutDesk(options)
  const expected = Buffer.from(`Basic ${Buffer.from(`${payoutKey}:`).toString('base64')}`)
  const guarded = (handle: (request: HttpRequest) => HttpResponse) => (request: HttpRequest) => {
    const given = Buffer.from(request.headers['authorization'] ?? '')
    const isAllowed = given.length === expected.length && timingSafeEqual(given, expected)
    return isAllowed ? handle(request) : json(401, { error_code: 'INVALID_API_KEY', errors: ['invalid key'] })
  }
  const base = `/simulators/${format.name}`
  const find = ({ parameters, url }: HttpRequest) =>
    memory.all.get(parameters['payout']?.slice(3) ?? new URLSearchParams(url.split('?')[1]).get('reference_id') ?? '')
  const show = (request: HttpRequest): HttpResponse => {
    const payout = find(request)
    return payout ? json(200, format.listed(payout)) : format.absent()
  }
  const routes: readonly Route[] = [
    { method: 'POST', path: `${base}${format.path}`, handle: guarded((request) => create(options, request)) },
    { method: 'GET', path: `${base}${format.path}`, handle: guarded(show) },
    { method: 'GET', path: `${base}${format.path}/:payout`, handle: guarded(show) },
    ...Object.keys(acts).map((action): Route => ({
      method: 'POST',
      path: `${base}/payouts/:withdrawal/${action}`,
      handle: (request) => {
        const response = press({ ...options, desk }, action, request)
        wake()
        return response
      },
    })),
  ]
  /** When money arrives, or there is something to tell again. */
  const nextAt = (): string | undefined => {
    const arrivals = [...memory.all.values()].flatMap(({ status, arrivesAt }) => (status === 'sent' ? [arrivesAt] : []))
    return [nextNotification(memory.all), ...arrivals].filter((at) => at !== undefined).toSorted()[0]
  }
  const paidOut = (): PaidOut[] =>
    [...memory.all.values()].flatMap(({ status, key, amount, body = '' }) =>
      status === 'paid' ? [{ withdrawalId: key, amount, asked: body }] : [],
    )
  return { routes, run: desk.run, nextAt, paidOut }
}

const irisWords = { sent: 'queued', paid: 'completed', failed: 'failed', reversed: 'failed' } as const
const xenditWords = { sent: 'ACCEPTED', paid: 'SUCCEEDED', failed: 'FAILED', reversed: 'REVERSED' } as const

const dayMs = 86_400_000

/**
 * Midtrans' payout service, Iris: amounts as text, a signature over the body. It has no word for a reversal but that of a failure. Every
 * midnight (UTC) it forgets the keys that are older than 24 hours.
 */
export const irisFormat = (merchantKey: string): PayoutFormat => {
  const one = (payout: PayoutRecord) => ({
    reference_no: `ir-${payoutName(payout)}`,
    amount: `${payout.amount}.00`,
    beneficiary_bank: payout.bank,
    status: irisWords[payout.status],
  })
  const notUnique = 'idempotency-key is not unique'
  return {
    name: 'midtrans',
    path: '/iris/api/v1/payouts',
    keyHeader: 'x-idempotency-key',
    read: ({ payouts }) => {
      const [first] = Array.isArray(payouts) ? (payouts as Fields[]) : []
      const amount = Number.parseInt(String(first?.['amount']), 10)
      return amount > 0 ? { amount, bank: String(first?.['beneficiary_bank']), notes: String(first?.['notes']) } : undefined
    },
    forgets: (createdAt, now) => Math.floor(now.getTime() / dayMs) * dayMs - createdAt.getTime() > dayMs,
    conflict: () => json(400, { error_message: notUnique, errors: notUnique }),
    created: (payout) => ({ payouts: [one(payout)] }),
    listed: (payout) => ({ ...one(payout), notes: payout.notes }),
    absent: () => json(404, { error_message: 'not found', errors: ['not found'] }),
    told: one,
    headers: (body) => ({ 'iris-signature': createHash('sha512').update(`${body}${merchantKey}`).digest('hex') }),
  }
}

/** Xendit's payouts: amounts as numbers, a token, and a word for reversals. */
export const xenditPayoutFormat = (callbackToken: string): PayoutFormat => {
  const one = (payout: PayoutRecord) => ({
    id: `po-${payoutName(payout)}`,
    reference_id: payout.key,
    amount: payout.amount,
    currency: 'IDR',
    channel_code: payout.bank,
    status: xenditWords[payout.status],
  })
  return {
    name: 'xendit',
    path: '/v2/payouts',
    keyHeader: 'idempotency-key',
    read: ({ amount, channel_code: bank }) =>
      typeof amount === 'number' && Number.isSafeInteger(amount) && amount > 0 ? { amount, bank: String(bank) } : undefined,
    forgets: () => false,
    conflict: () => json(409, { error_code: 'DUPLICATE_ERROR', message: 'Idempotency key has been used with another request' }),
    created: one,
    listed: (payout) => ({ data: [one(payout)] }),
    absent: () => json(200, { data: [] }),
    told: (payout) => ({
      event: `payout.${xenditWords[payout.status].toLowerCase()}`,
      business_id: 'simulator',
      data: one(payout),
    }),
    headers: () => ({ 'x-callback-token': callbackToken }),
  }
}
