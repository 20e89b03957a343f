import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPayments } from '@pasar/payments/subgraph'
import { localTransport } from '@pasar/shared/addresses'
import type { Stop } from '@pasar/shared/bus'
import { openCalls } from '@pasar/shared/calls'
import { fixedClock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { serve } from '@pasar/shared/http'
import { openSigner } from '@pasar/shared/identity'
import { newId } from '@pasar/shared/ids'
import { generateKeys, signingKeys, trustedIssuers } from '@pasar/shared/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/memory-bus'
import { readSettings } from '@pasar/shared/settings'
import type { Subgraph } from '@pasar/shared/subgraph'
import type { SubgraphTransport } from '@pasar/shared/transport'
import { openMidtransSimulator } from '../../simulators/midtrans.ts'
import { openXenditSimulator } from '../../simulators/xendit.ts'
import { openCollector, type Sent } from './collector.ts'

/** A payment that was asked for, of one order. */
export interface Asked {
  readonly paymentId: string
  readonly orderId: string
}

/** Payments with both providers, on one HTTP server, where notifications go nowhere by themselves. */
export interface Stage {
  readonly url: string
  readonly subgraph: Subgraph
  readonly serverKey: string
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

/** Opens payments on an empty database, and both simulators. */
export async function openStage(databaseUrl: string): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-webhooks-'))
  const log = openLog('silent', 'proof')
  const clock = fixedClock()
  const http = await serve([], { host: '127.0.0.1', port: 0, log })
  const url = `http://127.0.0.1:${http.port}`
  const settings = readSettings({
    ...generateKeys(),
    LOG_LEVEL: 'silent',
    PAYMENT_PROVIDER_URL: `${url}/simulators/midtrans`,
    XENDIT_URL: `${url}/simulators/xendit`,
  })
  const { PAYMENT_SERVER_KEY: serverKey, XENDIT_SECRET_KEY: secretKey, XENDIT_CALLBACK_TOKEN: callbackToken } = settings
  const { PAYOUT_KEY: payoutKey, PAYOUT_MERCHANT_KEY: merchantKey } = settings
  const common = { folder, clock, log, background: false }
  const midtrans = openMidtransSimulator({
    ...common,
    notificationUrl: `${url}/collected/midtrans`,
    serverKey,
    payoutKey,
    merchantKey,
  })
  const xendit = openXenditSimulator({ ...common, notificationUrl: `${url}/collected/xendit`, secretKey, callbackToken })
  const collector = openCollector()
  const bus = memoryBus()
  const trusted = trustedIssuers(settings, 'payments')
  const subgraph = await openPayments({ clock, bus, log, settings, trusted, background: false }, databaseUrl)
  http.mount([...midtrans.routes, ...xendit.routes, ...collector.routes, ...subgraph.routes])
  const transport = localTransport(() => subgraph)
  const transports = Object.fromEntries(domains.map((domain) => [domain, transport])) as Record<Domain, SubgraphTransport>
  const calls = openCalls(openSigner(signingKeys(settings, 'orders'), clock), transports, 'orders')
  const ask = async (method: string, amount: number) => {
    const [checkoutId, buyerId, orderId] = [newId('checkout'), newId('account'), newId('order')]
    const orders = [{ orderId, shopId: newId('shop'), itemsAmount: amount, shippingAmount: 0 }]
    const expiresAt = new Date(clock.now().getTime() + 86_400_000).toISOString()
    const variables = { input: { checkoutId, buyerId, method, amount, expiresAt, orders } }
    const { paymentsCreate } = await calls<{ paymentsCreate: { paymentId: string } }>({
      domain: 'payments',
      query: create,
      variables,
      requestId: checkoutId,
    })
    return { paymentId: paymentsCreate.paymentId, orderId }
  }
  const press = async (provider: Sent['provider'], paymentId: string, action: string) => {
    const response = await fetch(`${url}/simulators/${provider}/${paymentId}/${action}`, { method: 'POST' })
    const answer = await response.text()
    if (!response.ok) throw new Error(`${action} at ${provider}: ${response.status} ${answer}`)
  }
  const flush = async () => {
    await midtrans.run()
    await xendit.run()
  }
  const stops: readonly Stop[] = [http.stop, () => subgraph.stop(), () => midtrans.stop(), () => xendit.stop(), () => bus.stop()]
  const stop = async () => {
    for (const one of stops) await one()
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, subgraph, serverKey, sent: collector.sent, ask, press, flush, stop }
}
