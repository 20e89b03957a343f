import { startLoop } from '@pasar/shared/process/worker'
import { openTelling } from './deliveries.ts'
import { apiRoutes } from './midtrans/api.ts'
import { bankRoute } from './midtrans/bank.ts'
import { openDesk } from './midtrans/desk.ts'
import { peopleRoutes } from './midtrans/people.ts'
import type { Transaction } from './midtrans/transaction.ts'
import { irisFormat, openPayouts, payoutName, type PayoutRecord } from './payouts.ts'
import { earliest, nextNotification, remember } from './remembered.ts'
import type { SimulatorOptions } from './simulator.ts'
import type { PaymentSimulator } from './payment-simulator.ts'

/** How this simulated payment provider is set up. */
export interface MidtransSimulatorOptions extends SimulatorOptions {
  readonly serverKey: string
  readonly payoutKey: string
  readonly merchantKey: string
}

/** What it offers, for the landing page and the README. */
export const midtransEndpoints = [
  {
    method: 'GET',
    path: '/simulators/midtrans',
    what: 'page that lists payments that wait, with buttons to pay, deny or expire each',
  },
  {
    method: 'POST',
    path: '/simulators/midtrans/:paymentId/pay',
    what: 'the buyer pays, also after the expiry; JSON body (optional): duplicate (further copies of the notification), delaySeconds, reorder (an older notification comes last), forge (one with a wrong signature comes first)',
  },
  {
    method: 'POST',
    path: '/simulators/midtrans/:paymentId/deny',
    what: 'the bank or wallet refuses; a card page stays open for another card; same body',
  },
  { method: 'POST', path: '/simulators/midtrans/:paymentId/expire', what: 'the time to pay is over; same body' },
  {
    method: 'POST',
    path: '/simulators/midtrans/:paymentId/chargeback',
    what: 'the bank takes a settled payment back; same body, and amount (all that is left when absent)',
  },
  {
    method: 'POST',
    path: '/simulators/midtrans/v2/charge',
    what: "Midtrans' own: asks for a payment (virtual account, QRIS, GoPay, ShopeePay)",
  },
  { method: 'POST', path: '/simulators/midtrans/snap/v1/transactions', what: "Midtrans' own: opens a card page" },
  { method: 'GET', path: '/simulators/midtrans/v2/:paymentId/status', what: "Midtrans' own: status" },
  {
    method: 'POST',
    path: '/simulators/midtrans/iris/api/v1/payouts',
    what: "Midtrans' own: sends money to a bank (beside it: GET of one payout)",
  },
  {
    method: 'POST',
    path: '/simulators/midtrans/payouts/:withdrawalId/fail',
    what: 'the bank does not take a withdrawal; by itself it arrives after two seconds (beside it: pay, reverse)',
  },
  { method: 'POST', path: '/simulators/midtrans/v2/:paymentId/cancel', what: "Midtrans' own: cancel (also expire, refund)" },
] as const

const everyMs = 200

/** Opens a payment provider that behaves as Midtrans documents it, with buttons in place of buyers. */
export function openMidtransSimulator(options: MidtransSimulatorOptions): PaymentSimulator {
  const { folder, notificationUrl, serverKey, payoutKey, merchantKey, clock, log, background } = options
  const memory = remember<Transaction>({ folder, name: 'midtrans', clock, idOf: ({ orderId }) => orderId })
  const tell = openTelling(notificationUrl)
  const desk = openDesk({ memory, tell, serverKey, clock, log })
  const payoutMemory = remember<PayoutRecord>({ folder, name: 'midtrans-payouts', clock, idOf: payoutName })
  const payoutOptions = { memory: payoutMemory, tell, clock, log, format: irisFormat(merchantKey), payoutKey }
  const payouts = openPayouts(payoutOptions, () => wake())
  const run = async () => (await desk.run()) + (await payouts.run())
  const loop = background ? startLoop({ name: 'payment provider simulator', everyMs, run }, log) : undefined
  const wake = () => loop?.wake()
  return {
    routes: [
      ...apiRoutes({ memory, desk, serverKey, clock }),
      ...peopleRoutes({ memory, desk, wake }),
      bankRoute({ memory, desk, clock, wake }),
      ...payouts.routes,
    ],
    run,
    nextAt: () => earliest(nextNotification(memory.all), payouts.nextAt()),
    paidBack: () =>
      [...memory.all.values()].flatMap(({ orderId: paymentId, refunds }) =>
        refunds.flatMap(({ refund_key: refundKey, refund_amount }) =>
          refundKey === undefined ? [] : [{ paymentId, refundKey, amount: Number.parseInt(refund_amount, 10) }],
        ),
      ),
    paidOut: payouts.paidOut,
    stop: async () => {
      await loop?.stop()
      await tell.stop()
    },
  }
}
