import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPayments } from '@pasar/payments/subgraph'
import type { Bus, Stop } from '@pasar/shared/events/bus'
import { fixedClock, type FixedClock } from '@pasar/shared/clock'
import { serve, type Route } from '@pasar/shared/http/server'
import { openSigner, type Issuer } from '@pasar/shared/identity/signature'
import { newId } from '@pasar/shared/ids'
import { generateKeys, signingKeys, trustedIssuers } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { readSettings, type Settings } from '@pasar/shared/process/settings'
import type { Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { graphqlPath } from '@pasar/shared/http/transport'
import type { Viewer } from '@pasar/shared/identity/viewer'
import { openMidtransSimulator } from '../../simulators/midtrans.ts'
import { openXenditSimulator } from '../../simulators/xendit.ts'
import { openCollector, type Sent } from './collector.ts'

/** A payment that was asked for, of one order. */
export interface Asked {
  readonly paymentId: string
  readonly orderId: string
}

/** One process of payments, and which provider it asks first. */
export interface Door {
  readonly subgraph: Subgraph
  /** Where it hears of both providers. */
  readonly url: string
  /** Executes as whoever may send it would; throws what the graph answers as an error. */
  execute<T>(query: string, variables: Record<string, unknown>, as: Viewer): Promise<T>
}

/** Payments with both providers, on one HTTP server, where notifications go nowhere by themselves. */
export interface Stage extends Door {
  /** A second process on the same database, which asks Xendit first. */
  readonly second: Door
  readonly clock: FixedClock
  readonly bus: Bus
  readonly settings: Settings
  /** Where the simulated providers are. */
  readonly simulators: string
  /** Notifications that the providers have sent so far. */
  readonly sent: readonly Sent[]
  /** Asks for a payment. */
  ask(method: string, amount: number): Promise<Asked>
  /** Somebody pays, refuses or lets the time pass at a provider. */
  press(provider: Sent['provider'], paymentId: string, action: string): Promise<void>
  /** Lets the providers send what is due. */
  flush(): Promise<void>
  stop: Stop
}

const create = `mutation ($input: PaymentsCreateInput!) { paymentsCreate(input: $input) { ... on PaymentsCreated { paymentId } } }`

const ordersSaga: Viewer = { kind: 'service', name: 'orders' }

/** Asks a process of payments for a payment, as the saga of orders does; answers its id. */
export async function askPayment(door: Door, input: Record<string, unknown>): Promise<string> {
  const { paymentsCreate } = await door.execute<{ paymentsCreate: { paymentId: string } }>(create, { input }, ordersSaga)
  return paymentsCreate.paymentId
}

interface Placed {
  readonly settings: Settings
  readonly clock: FixedClock
  readonly url: string
}

/** Signs what is sent to a process of payments as the router, or as the saga of orders. */
function openDoor(subgraph: Subgraph, { settings, clock, url }: Placed): Door {
  const signerOf = (issuer: Issuer) => openSigner(signingKeys(settings, issuer), clock)
  const [router, orders] = [signerOf('router'), signerOf('orders')]
  const execute = async <T>(query: string, variables: Record<string, unknown>, viewer: Viewer): Promise<T> => {
    const body = JSON.stringify({ query, variables })
    const identity = { viewer, locale: 'id', requestId: newId('movement') } as const
    const signer = viewer.kind === 'service' ? orders : router
    const headers = await signer.headers('payments', identity, { path: graphqlPath, body })
    const { data, errors } = await subgraph.execute({ headers, body })
    if (!data) throw new Error(errors?.[0]?.message ?? 'no answer')
    return data as T
  }
  return { subgraph, url, execute }
}

/** What of the simulated providers may be put in front of the market. */
export type Between = (routes: readonly Route[]) => readonly Route[]

interface Simulated extends Placed {
  readonly folder: string
}

/** Both simulated providers, which tell the collector and nobody else. */
function openProviders({ settings, clock, url, folder }: Simulated) {
  const { PAYMENT_SERVER_KEY: serverKey, XENDIT_SECRET_KEY: secretKey, XENDIT_CALLBACK_TOKEN: callbackToken } = settings
  const { PAYOUT_KEY: payoutKey, PAYOUT_MERCHANT_KEY: merchantKey } = settings
  const common = { folder, clock, log: openLog('silent', 'proof'), background: false }
  const midtransKeys = { serverKey, payoutKey, merchantKey }
  const midtrans = openMidtransSimulator({ ...common, ...midtransKeys, notificationUrl: `${url}/collected/midtrans` })
  const xendit = openXenditSimulator({ ...common, secretKey, callbackToken, notificationUrl: `${url}/collected/xendit` })
  return { midtrans, xendit }
}

/** Opens payments on an empty database, and both simulators. */
export async function openStage(databaseUrl: string, between: Between = (routes) => routes): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-webhooks-'))
  const log = openLog('silent', 'proof')
  const clock = fixedClock()
  const http = await serve([], { host: '127.0.0.1', port: 0, log })
  const url = `http://127.0.0.1:${http.port}`
  const simulators = `${url}/simulators`
  const env = {
    ...generateKeys(),
    LOG_LEVEL: 'silent',
    PAYMENT_PROVIDER_URL: `${simulators}/midtrans`,
    XENDIT_URL: `${simulators}/xendit`,
  }
  const settings = readSettings(env)
  const placed = { settings, clock, url }
  const { midtrans, xendit } = openProviders({ ...placed, folder })
  const collector = openCollector()
  const bus = memoryBus()
  const trusted = trustedIssuers(settings, 'payments')
  const open = (own: Settings) => openPayments({ clock, bus, log, settings: own, trusted, background: false }, databaseUrl)
  const subgraph = await open(settings)
  const beside = await open(readSettings({ ...env, PAYMENT_PROVIDER: 'xendit' }))
  const besideRoutes = beside.routes.map((route): Route => ({ ...route, path: `/second${route.path}` }))
  http.mount([...between([...midtrans.routes, ...xendit.routes]), ...collector.routes, ...subgraph.routes, ...besideRoutes])
  const door = openDoor(subgraph, placed)
  const second = openDoor(beside, { ...placed, url: `${url}/second` })
  const ask = async (method: string, amount: number) => {
    const [checkoutId, buyerId, orderId] = [newId('checkout'), newId('account'), newId('order')]
    const orders = [{ orderId, shopId: newId('shop'), itemsAmount: amount, shippingAmount: 0 }]
    const expiresAt = new Date(clock.now().getTime() + 86_400_000).toISOString()
    const input = { checkoutId, buyerId, method, amount, expiresAt, orders }
    return { paymentId: await askPayment(door, input), orderId }
  }
  const press = async (provider: Sent['provider'], paymentId: string, action: string) => {
    const response = await fetch(`${simulators}/${provider}/${paymentId}/${action}`, { method: 'POST' })
    const answer = await response.text()
    if (!response.ok) throw new Error(`${action} at ${provider}: ${response.status} ${answer}`)
  }
  const flush = async () => {
    await midtrans.run()
    await xendit.run()
  }
  const stops: readonly Stop[] = [http.stop, subgraph.stop, beside.stop, midtrans.stop, xendit.stop, bus.stop]
  const stop = async () => {
    for (const one of stops) await one()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...door, second, clock, bus, settings, simulators, sent: collector.sent, ask, press, flush, stop }
}
