import { join } from 'node:path'
import type { Stop } from '@pasar/shared/events/bus'
import type { Clock } from '@pasar/shared/clock'
import type { Route } from '@pasar/shared/http/server'
import type { Log } from '@pasar/shared/log'
import type { Settings } from '@pasar/shared/process/settings'
import { courierEndpoints, openCourierSimulator } from './courier.ts'
import type { Booked } from './courier/parcel.ts'
import type { PaidBack, PaidOut } from './payment-simulator.ts'
import { indexRoute } from './index-page.ts'
import { mailboxEndpoints, openMailboxSimulator } from './mailbox.ts'
import { midtransEndpoints, openMidtransSimulator } from './midtrans.ts'
import { earliest } from './remembered.ts'
import { openXenditSimulator, xenditEndpoints } from './xendit.ts'

/** How the development mode's simulators are set up. */
export interface SimulatorsOptions {
  readonly settings: Settings
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Log
  readonly background: boolean
  /** Port of the mailbox's SMTP server; a free one when 0. */
  readonly smtpPort: number
  /** Base address of the payments' and of the logistics subgraph's notification routes. */
  readonly notify: { readonly payments: string; readonly logistics: string }
}

/** The simulators of what cannot be reached in development: payment provider, couriers, mail server. */
export interface Simulators {
  readonly routes: readonly Route[]
  readonly smtpUrl: string
  /** Does what is due now; says how much there was. */
  run(): Promise<number>
  /** When the first of payment providers and courier has something to tell again that nobody took. */
  nextAt(): string | undefined
  /** Refunds that the payment providers have paid. */
  paidBack(): readonly PaidBack[]
  /** Withdrawals that are at their banks. */
  paidOut(): readonly PaidOut[]
  /** Parcels that couriers were asked for. */
  booked(): readonly Booked[]
  stop: Stop
}

/** Every endpoint of the simulators, for the page at /simulators and for docs/simulators.md. */
export const simulatorEndpoints = [...midtransEndpoints, ...xenditEndpoints, ...courierEndpoints, ...mailboxEndpoints]

/** Opens all simulators; they remember their state in a folder below `dataDir`. */
export async function openSimulators(options: SimulatorsOptions): Promise<Simulators> {
  const { settings, dataDir, clock, log, background, smtpPort, notify } = options
  const common = { folder: join(dataDir, 'simulators'), clock, log, background }
  const midtrans = openMidtransSimulator({
    ...common,
    serverKey: settings.PAYMENT_SERVER_KEY,
    payoutKey: settings.PAYOUT_KEY,
    merchantKey: settings.PAYOUT_MERCHANT_KEY,
    notificationUrl: `${notify.payments}/notifications/midtrans`,
  })
  const xendit = openXenditSimulator({
    ...common,
    secretKey: settings.XENDIT_SECRET_KEY,
    callbackToken: settings.XENDIT_CALLBACK_TOKEN,
    notificationUrl: `${notify.payments}/notifications/xendit`,
  })
  const courier = openCourierSimulator({
    ...common,
    secret: settings.COURIER_SECRET,
    notificationUrl: `${notify.logistics}/notifications/courier`,
  })
  const mailbox = await openMailboxSimulator({ ...common, host: settings.HOST, port: smtpPort })
  return {
    routes: [indexRoute(simulatorEndpoints), ...midtrans.routes, ...xendit.routes, ...courier.routes, ...mailbox.routes],
    smtpUrl: mailbox.smtpUrl,
    run: async () => (await midtrans.run()) + (await xendit.run()) + (await courier.run()),
    nextAt: () => earliest(midtrans.nextAt(), xendit.nextAt(), courier.nextAt()),
    paidBack: () => [...midtrans.paidBack(), ...xendit.paidBack()],
    paidOut: () => [...midtrans.paidOut(), ...xendit.paidOut()],
    booked: courier.booked,
    stop: async () => {
      await midtrans.stop()
      await xendit.stop()
      await courier.stop()
      await mailbox.stop()
    },
  }
}

/** The settings of a market that uses simulators for whatever it was not told another address of. */
export const withSimulators = (settings: Settings, { smtpUrl }: Pick<Simulators, 'smtpUrl'>, url: string): Settings => ({
  ...settings,
  PAYMENT_PROVIDER_URL: settings.PAYMENT_PROVIDER_URL ?? `${url}/simulators/midtrans`,
  XENDIT_URL: settings.XENDIT_URL ?? `${url}/simulators/xendit`,
  COURIER_URL: settings.COURIER_URL ?? `${url}/simulators/courier`,
  SMTP_URL: settings.SMTP_URL ?? smtpUrl,
})
