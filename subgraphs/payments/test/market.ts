import { newId, type Id } from '@pasar/shared/ids'
import type { Log } from '@pasar/shared/log'
import { startForTest, type OpenSubgraph, type TestSubgraph } from '@pasar/shared/testing/subgraph'
import type { AccountViewer, Role } from '@pasar/shared/identity/viewer'
import type { PasarEvent } from '@pasar/schema/events'
import type { OrderRef } from '@pasar/schema/events/orders'
import pg from 'pg'
import { openPayments } from '../src/subgraph.ts'
import { irisSignature } from '../src/providers/midtrans-payout.ts'
import { checkStatement } from '../src/store/invariants.ts'
import {
  fieldsOf,
  merchantKey,
  openProviderForTest,
  payoutReference,
  serverKey,
  type ProviderForTest,
} from './provider-for-test.ts'
import { callbackToken } from './xendit-for-test.ts'

/** What a test asks to be paid. */
export interface Wanted {
  readonly method?: string
  readonly orders?: readonly (readonly [items: number, shipping: number])[]
  readonly amount?: number
  readonly checkoutId?: string
  readonly buyerId?: Id<'account'>
  readonly shopIds?: readonly Id<'shop'>[]
  /** What each order is made of; not said where absent. */
  readonly categories?: readonly { readonly categoryId: string; readonly amount: number }[]
  readonly expiresAt?: string
}

/** A checkout that was asked to be paid. */
export interface Asked {
  readonly checkoutId: string
  readonly buyerId: Id<'account'>
  readonly orders: readonly {
    readonly orderId: string
    readonly shopId: Id<'shop'>
    readonly itemsAmount: number
    readonly shippingAmount: number
  }[]
  readonly amount: number
  readonly result: { readonly __typename: string; readonly paymentId: string; readonly code?: string }
  readonly paymentId: string
}

export const account = (
  accountId: Id<'account'>,
  roles: readonly Role[] = [],
  shopIds: readonly Id<'shop'>[] = [],
): AccountViewer => ({
  kind: 'account',
  accountId,
  sessionId: newId('session'),
  roles,
  shopIds,
})

export const staff = (role: Role) => account(newId('account'), [role])

const create = `mutation ($input: PaymentsCreateInput!) { paymentsCreate(input: $input) { __typename
  ... on PaymentsCreated { paymentId expiresAt } ... on PaymentsMethodUnavailable { code } ... on PaymentsCheckoutCancelled { code } } }`
const cancel = `mutation ($input: PaymentsCancelInput!) { paymentsCancel(input: $input) { cancelled captured } }`

/** How much of an order goes back. */
export interface PartBack {
  readonly items: number
  readonly shipping?: number
  readonly refundId?: string
  /** Of which category the goods are. */
  readonly categoryId?: string
}

/** A line of the log that somebody should read. */
export interface Warning {
  readonly message: string
  readonly details: object
}

/** Payments under test with its provider. */
export interface Market extends TestSubgraph {
  readonly provider: ProviderForTest
  /** What the log warned of so far. */
  readonly warnings: readonly Warning[]
  readonly sql: pg.Pool
  ask(wanted?: Wanted): Promise<Asked>
  cancel(checkoutId: string): Promise<{ cancelled: boolean; captured: boolean } | undefined>
  /** Delivers a notification; answers the HTTP status. */
  notify(fields: Record<string, unknown>): Promise<number>
  /** Delivers an event of Xendit; answers the HTTP status. */
  xenditTells(event: string, data: Record<string, unknown>): Promise<number>
  /** The provider says so of a payment. */
  says(asked: Asked, status: string, rest?: Record<string, unknown>): Promise<number>
  /** The provider says so of a withdrawal. */
  payoutSays(withdrawalId: string, status: string, key?: string): Promise<number>
  state(asked: Asked): Promise<string>
  /** Orders says that an order has ended; `index` is its place in the checkout. */
  completed(asked: Asked, index?: number): Promise<void>
  cancelled(asked: Asked, index?: number, rest?: { readonly paid?: boolean; readonly id?: string }): Promise<void>
  /** Orders says that a part goes back. */
  refunded(asked: Asked, index: number, part: PartBack): Promise<void>
  eventsOf(asked: Asked): readonly PasarEvent[]
  /** Sum of all postings, and the balances by account, each positive on the account's normal side. */
  ledger(): Promise<{ sum: bigint; balances: Record<string, bigint> }>
  close(): Promise<void>
}

const ledgerQuery = `SELECT account.id, sum(amount)::text AS raw, normal_side FROM posting JOIN account ON account.id = account_id GROUP BY account.id`

async function readLedger(sql: pg.Pool) {
  const { rows } = await sql.query<{ id: string; raw: string; normal_side: string }>(ledgerQuery)
  const balances = Object.fromEntries(
    rows.map(({ id, raw, normal_side }) => [id, normal_side === 'DEBIT' ? BigInt(raw) : -BigInt(raw)]),
  )
  return { sum: rows.reduce((total, { raw }) => total + BigInt(raw), 0n), balances }
}

/** The rules that the books do not keep. */
export async function brokenRules(sql: Pick<pg.ClientBase, 'query'>): Promise<string[]> {
  const { rows } = await sql.query<{ invariant: string; broken: number }>(checkStatement)
  return rows.filter(({ broken }) => broken > 0).map(({ invariant }) => invariant)
}

/** Opens payments with Midtrans, and with what else the settings name. */
export async function openMarket(more: Readonly<Record<string, string>> = {}): Promise<Market> {
  const provider = await openProviderForTest()
  const warnings: Warning[] = []
  const warn = (details: object, message: string) => void warnings.push({ message, details })
  const open: OpenSubgraph = (platform, url) =>
    openPayments({ ...platform, log: Object.assign(Object.create(platform.log) as Log, { warn }) }, url)
  const subgraph = await startForTest('payments', open, {
    PAYMENT_PROVIDER_URL: provider.url,
    PAYMENT_SERVER_KEY: serverKey,
    PAYOUT_MERCHANT_KEY: merchantKey,
    ...more,
  })
  provider.now = () => subgraph.clock.now()
  const sql = new pg.Pool({ connectionString: subgraph.databaseUrl, max: 4 })
  sql.on('error', () => undefined)
  const deliver = async (from: 'midtrans' | 'xendit', headers: Record<string, string>, body: string) => {
    const route = subgraph.subgraph.routes.find(({ path }) => path === `/notifications/${from}`)!
    const request = { method: 'POST', url: route.path, path: route.path, parameters: {}, headers, body }
    try {
      return (await route.handle(request)).status
    } catch (error) {
      if ((error as { extensions?: { code?: string } }).extensions?.code === 'BAD_USER_INPUT') return 400
      throw error
    }
  }
  const notify = (fields: Record<string, unknown>, sign?: (body: string) => string) => {
    const body = JSON.stringify(fields)
    return deliver('midtrans', sign ? { 'iris-signature': sign(body) } : {}, body)
  }
  const ask = async (wanted: Wanted = {}): Promise<Asked> => {
    const {
      method = 'BCA_VA',
      checkoutId = newId('checkout'),
      buyerId = newId('account'),
      expiresAt = new Date(subgraph.clock.now().getTime() + 86_400_000).toISOString(),
    } = wanted
    const parts = wanted.orders ?? [[100_000, 15_000]]
    const orders = parts.map(([itemsAmount, shippingAmount], index) => ({
      orderId: newId('order'),
      shopId: wanted.shopIds?.[index] ?? newId('shop'),
      itemsAmount,
      shippingAmount,
    }))
    const amount = wanted.amount ?? parts.reduce((sum, [items, shipping]) => sum + items + shipping, 0)
    const made = wanted.categories ? { categories: wanted.categories } : {}
    const { data, errors } = await subgraph.executeAsOrders<{ paymentsCreate: Asked['result'] }>({
      query: create,
      variables: {
        input: { checkoutId, buyerId, method, amount, expiresAt, orders: orders.map((order) => ({ ...order, ...made })) },
      },
    })
    if (!data?.paymentsCreate) throw new Error(errors?.[0]?.message)
    const result = data.paymentsCreate
    return { checkoutId, buyerId, orders, amount, result, paymentId: result.paymentId }
  }
  const says = (asked: Asked, status: string, rest: Record<string, unknown> = {}) => {
    const transaction = provider.transactions.get(asked.paymentId)!
    if (!('refund_amount' in rest)) transaction.transaction_status = status
    return notify(fieldsOf(transaction, status, rest))
  }
  const refOf = (asked: Asked, index: number): OrderRef => {
    const { orderId, shopId } = asked.orders[index]!
    return { orderId, shopId, checkoutId: asked.checkoutId, buyerId: asked.buyerId }
  }
  const completed = (asked: Asked, index = 0) =>
    subgraph.deliver('orders', { type: 'OrderCompleted', payload: { ...refOf(asked, index), lines: [] } })
  const cancelled = (asked: Asked, index = 0, { paid = true, ...rest }: { paid?: boolean; id?: string } = {}) =>
    subgraph.deliver('orders', {
      ...rest,
      type: 'OrderCancelled',
      payload: { ...refOf(asked, index), reason: 'NOT_ACCEPTED_IN_TIME', paid, lines: [] },
    })
  const refunded = (asked: Asked, index: number, part: PartBack) => {
    const { items, shipping = 0, refundId = newId('refund'), categoryId } = part
    const lines = categoryId === undefined ? [] : [{ orderLineId: newId('orderLine'), quantity: 1, amount: items, categoryId }]
    const amounts = { amount: items + shipping, itemsAmount: items, shippingAmount: shipping }
    const refund = { refundId, ...amounts, reason: 'LINES_CANCELLED', lines } as const
    return subgraph.deliver('orders', { type: 'RefundDecided', payload: { ...refOf(asked, index), refund } })
  }
  return {
    ...subgraph,
    refunded,
    get published() {
      return subgraph.published
    },
    provider,
    warnings,
    sql,
    ask,
    notify,
    xenditTells: (event, data) => deliver('xendit', { 'x-callback-token': callbackToken }, JSON.stringify({ event, data })),
    payoutSays: (withdrawalId, status, key = merchantKey) => {
      for (const payout of provider.payouts) if (payout.key === withdrawalId) payout.status = status
      return notify({ reference_no: payoutReference(withdrawalId), status }, (body) => irisSignature(body, key))
    },
    says,
    completed,
    cancelled,
    cancel: async (checkoutId) =>
      (
        await subgraph.executeAsOrders<{ paymentsCancel: { cancelled: boolean; captured: boolean } }>({
          query: cancel,
          variables: { input: { checkoutId } },
        })
      ).data?.paymentsCancel,
    state: async ({ paymentId }) =>
      (await sql.query<{ state: string }>('SELECT state FROM payment WHERE id = $1', [paymentId])).rows[0]!.state,
    eventsOf: ({ paymentId, orders }) =>
      subgraph.published.filter(
        ({ aggregateId }) => aggregateId === paymentId || orders.some(({ orderId }) => orderId === aggregateId),
      ),
    ledger: () => readLedger(sql),
    close: async () => {
      await sql.end()
      await subgraph.stop()
      await provider.stop()
    },
  }
}
