import { newId, type Id } from '@pasar/shared/ids'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import type { Random } from '../../attacks/random.ts'
import type { Sent } from '../collector.ts'
import { askPayment, type Door, type Stage } from '../stage.ts'
import type { Fact, OrderFacts } from './facts.ts'
import type { Plan, When } from './script.ts'

/** A withdrawal that was asked for. */
export interface Withdrawal {
  readonly withdrawalId: string
  readonly shopId: string
  readonly amount: number
}

/** A notification that waits. */
export interface Waiting {
  readonly sent: Sent
  readonly when: When
  readonly since: number
}

/** A life as it is lived. */
export interface Life {
  readonly plan: Plan
  readonly random: Random
  readonly door: Door
  readonly paymentId: string
  readonly checkoutId: string
  readonly buyerId: string
  readonly orders: readonly OrderFacts[]
  /** What happened and was said so far. */
  readonly story: Fact[]
  /** Names of what went back unasked, and when that is to be told. */
  readonly unasked: Map<string, When>
  readonly withdrawals: Withdrawal[]
  /** Whether its provider tells of nothing after the payment until all is over. */
  readonly isSilent: boolean
  /** Notifications that wait for their turn, and since which round. */
  readonly waiting: Waiting[]
  /** The last one that was sent. */
  newest: Sent | undefined
}

/** Asks for the payment of a life, at the process that asks its provider first. */
export async function beginLife({ second, clock, ...first }: Stage, plan: Plan, random: Random): Promise<Life> {
  const door = plan.provider === 'xendit' ? second : first
  const [checkoutId, buyerId] = [newId('checkout'), newId('account')]
  const orders = plan.orders.map((order) => ({ ...order, orderId: newId('order'), shopId: newId('shop') }))
  const expiresAt = new Date(clock.now().getTime() + 86_400_000).toISOString()
  const amount = orders.reduce((sum, { items, shipping }) => sum + items + shipping, 0)
  const wanted = orders.map(({ orderId, shopId, items, shipping }) => ({
    orderId,
    shopId,
    itemsAmount: items,
    shippingAmount: shipping,
  }))
  const { method } = plan
  const paymentId = await askPayment(door, { checkoutId, buyerId, method, amount, expiresAt, orders: wanted })
  const lived = { story: [], unasked: new Map(), withdrawals: [], waiting: [], newest: undefined, isSilent: random.upTo(4) === 0 }
  return { plan, random, door, paymentId, checkoutId, buyerId, orders, ...lived }
}

/** The refunds that were asked for in a life, in their order. */
export const refundsOf = ({ story }: Life): readonly string[] =>
  story.flatMap((fact) => (fact.kind === 'asked' ? [fact.refundId] : []))

const addAccount = `mutation ($input: AddBankAccountInput!) { addBankAccount(input: $input) { ... on AddBankAccountSuccess { bankAccount { id } } } }`
const takeOut = `mutation ($input: WithdrawInput!) { withdraw(input: $input) { __typename ... on WithdrawSuccess { withdrawal { id } } } }`

/** A seller takes money of a shop out; undefined where there is not so much of it. */
export async function withdraw({ door }: Life, shopId: string, amount: number): Promise<Withdrawal | undefined> {
  const as: AccountViewer = {
    kind: 'account',
    accountId: newId('account'),
    sessionId: newId('session'),
    roles: ['seller'],
    shopIds: [shopId as Id<'shop'>],
  }
  const account = { shopId, bank: 'BCA', number: '1234567890', holder: 'Toko Maju', idempotencyKey: newId('movement') }
  type Added = { readonly addBankAccount: { readonly bankAccount: { readonly id: string } } }
  const { addBankAccount } = await door.execute<Added>(addAccount, { input: account }, as)
  const input = { shopId, bankAccountId: addBankAccount.bankAccount.id, amount, idempotencyKey: newId('movement') }
  type Taken = { readonly withdraw: { readonly withdrawal?: { readonly id: string } } }
  const taken = (await door.execute<Taken>(takeOut, { input }, as)).withdraw
  return taken.withdrawal && { withdrawalId: taken.withdrawal.id, shopId, amount }
}
