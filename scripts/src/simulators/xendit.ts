import { startLoop } from '@pasar/shared/process/worker'
import { openTelling } from './deliveries.ts'
import { counterRoutes, type Counter } from './desk-page.ts'
import type { PaymentSimulator } from './payment-simulator.ts'
import { openPayouts, payoutName, xenditPayoutFormat, type PayoutRecord } from './payouts.ts'
import { earliest, nextNotification, remember, type Remembered } from './remembered.ts'
import type { SimulatorOptions } from './simulator.ts'
import { xenditApiRoutes } from './xendit/api.ts'
import { bankRoutes } from './xendit/bank.ts'
import { openDesk, type Desk } from './xendit/desk.ts'
import type { PaymentRequest } from './xendit/request.ts'

/** How this simulated payment provider is set up. */
export interface XenditSimulatorOptions extends SimulatorOptions {
  readonly secretKey: string
  readonly callbackToken: string
}

/** What it offers, for the landing page and docs/simulators.md. */
export const xenditEndpoints = [
  {
    method: 'GET',
    path: '/simulators/xendit',
    what: 'page that lists payments that wait, with buttons to pay, deny or expire each',
  },
  {
    method: 'POST',
    path: '/simulators/xendit/:paymentId/pay',
    what: 'the buyer pays, also after the expiry; JSON body as of Midtrans',
  },
  {
    method: 'POST',
    path: '/simulators/xendit/:paymentId/deny',
    what: 'the bank or wallet refuses; a card page stays open for another card; same body',
  },
  { method: 'POST', path: '/simulators/xendit/:paymentId/expire', what: 'the time to pay is over; same body' },
  {
    method: 'POST',
    path: '/simulators/xendit/v3/payment_requests',
    what: "Xendit's own: asks for a payment (virtual account, QRIS, wallets, PayLater)",
  },
  { method: 'GET', path: '/simulators/xendit/v3/payment_requests/:id', what: "Xendit's own: its state" },
  { method: 'POST', path: '/simulators/xendit/v3/payment_requests/:id/cancel', what: "Xendit's own: calls it off" },
  {
    method: 'POST',
    path: '/simulators/xendit/sessions',
    what: "Xendit's own: opens a card page (beside it: its state, and cancel)",
  },
  { method: 'POST', path: '/simulators/xendit/v3/refunds', what: "Xendit's own: gives back (beside it: GET of one refund)" },
  {
    method: 'POST',
    path: '/simulators/xendit/refunds/:refundId/fail',
    what: 'a refund that is pending fails; same body, and failureCode; by itself it succeeds a moment later (beside it: pay)',
  },
  {
    method: 'POST',
    path: '/simulators/xendit/:paymentId/dispute',
    what: "the buyer's bank disputes a payment; same body, and amount (all that is left when absent) (beside it: dispute/review, dispute/win, dispute/lose)",
  },
  {
    method: 'POST',
    path: '/simulators/xendit/v2/payouts',
    what: "Xendit's own: sends money to a bank (beside it: GET by reference_id)",
  },
  {
    method: 'POST',
    path: '/simulators/xendit/payouts/:withdrawalId/reverse',
    what: 'the bank sends a withdrawal back that had arrived (beside it: pay, fail)',
  },
] as const

const everyMs = 200

/** Paying after the expiry is possible on purpose: it happens. */
const acts: Readonly<
  Record<string, { readonly from: readonly PaymentRequest['status'][]; readonly to: PaymentRequest['status'] }>
> = {
  pay: { from: ['REQUIRES_ACTION', 'EXPIRED', 'CANCELED', 'FAILED'], to: 'SUCCEEDED' },
  deny: { from: ['REQUIRES_ACTION'], to: 'FAILED' },
  expire: { from: ['REQUIRES_ACTION'], to: 'EXPIRED' },
}

const counterOf = (memory: Remembered<PaymentRequest>, desk: Desk, wake: () => void): Counter => ({
  path: 'xendit',
  title: 'Xendit (simulated)',
  actions: Object.keys(acts),
  waiting: () =>
    [...memory.all.values()]
      .filter(({ status }) => status === 'REQUIRES_ACTION')
      .toReversed()
      .map(({ referenceId, channel, vaNumber, amount, expiresAt }) => ({
        id: referenceId,
        how: channel.endsWith('ACCOUNT') ? `${channel} ${vaNumber}` : channel,
        amount,
        expiresAt,
      })),
  press: (id, action, delivery) => {
    const request = memory.all.get(id)
    const { from, to } = acts[action]!
    if (!request) return undefined
    if (!from.includes(request.status)) return `The payment is ${request.status} already`
    const { status, outgoing } = desk.end(request, to, delivery)
    wake()
    return { orderId: id, status, notifications: outgoing.length }
  },
})

/** Opens a payment provider that behaves as Xendit documents it, with buttons in place of buyers. */
export function openXenditSimulator(options: XenditSimulatorOptions): PaymentSimulator {
  const { folder, notificationUrl, clock, log, background } = options
  const memory = remember<PaymentRequest>({ folder, name: 'xendit', clock, idOf: ({ referenceId }) => referenceId })
  const tell = openTelling(notificationUrl)
  const desk = openDesk({ ...options, memory, tell })
  const payoutMemory = remember<PayoutRecord>({ folder, name: 'xendit-payouts', clock, idOf: payoutName })
  const { secretKey: payoutKey, callbackToken } = options
  const format = xenditPayoutFormat(callbackToken)
  const payouts = openPayouts({ memory: payoutMemory, tell, clock, log, format, payoutKey }, () => loop?.wake())
  const run = async () => (await desk.run()) + (await payouts.run())
  const loop = background ? startLoop({ name: 'second payment provider simulator', everyMs, run }, log) : undefined
  const wake = () => loop?.wake()
  const counter = counterOf(memory, desk, wake)
  return {
    routes: [
      ...xenditApiRoutes({ ...options, memory, desk }),
      ...counterRoutes(counter),
      ...bankRoutes({ memory, desk, wake }),
      ...payouts.routes,
    ],
    run,
    nextAt: () => earliest(nextNotification(memory.all), payouts.nextAt()),
    paidBack: () =>
      [...memory.all.values()].flatMap(({ referenceId: paymentId, refunds }) =>
        refunds
          .filter(({ status }) => status === 'SUCCEEDED')
          .map(({ referenceId: refundKey, amount }) => ({ paymentId, refundKey, amount })),
      ),
    paidOut: payouts.paidOut,
    stop: async () => {
      await loop?.stop()
      await tell.stop()
    },
  }
}
