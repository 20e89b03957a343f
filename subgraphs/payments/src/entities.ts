import { paged } from '@pasar/shared/subgraph/keyset'
import { maySee } from '@pasar/shared/subgraph/looks'
import { rupiah, sum, type Minor, type Money } from '@pasar/shared/money'
import { connection, parsePage, type PageArguments } from '@pasar/shared/subgraph/page'
import { actsFor, isAccount } from '@pasar/shared/identity/viewer'
import { ownsShop } from './access.ts'
import type { PaymentsContext } from './context.ts'
import type { StatementLoaders } from './loaders.ts'
import { parseStatement, periodOf, type StatementArguments, type StatementPage } from './store/entries.ts'
import type { Payment } from './store/payments.ts'
import type { Refund } from './store/refunds.ts'
import type { BankAccount, Withdrawal } from './store/withdrawals.ts'

interface Ref {
  readonly id: string
}

const none = 0n as Minor

/** A payment by its id, as another subgraph refers to it. */
export async function resolvePayment({ id }: Ref, ctx: PaymentsContext): Promise<Payment | null> {
  const payment = await ctx.loaders.payment.load(id)
  if (!payment) return null
  const own = isAccount(ctx.viewer, payment.buyerId)
  return (await maySee(ctx, { own, action: 'payment.look', subjectId: id })) ? payment : null
}

/** A refund by its id. */
export async function resolveRefund({ id }: Ref, ctx: PaymentsContext): Promise<Refund | null> {
  const refund = await ctx.loaders.refund.load(id)
  if (!refund) return null
  const own = isAccount(ctx.viewer, refund.buyerId) || actsFor(ctx.viewer, refund.shopId)
  return (await maySee(ctx, { own, action: 'refund.look', subjectId: id })) ? refund : null
}

/** A checkout's payment, for its buyer and staff. */
export async function paymentOfCheckout({ id }: Ref, ctx: PaymentsContext): Promise<Payment | null> {
  if (ctx.viewer.kind !== 'account') return null
  const payment = await ctx.loaders.paymentOfCheckout.load(id)
  if (!payment) return null
  const own = isAccount(ctx.viewer, payment.buyerId)
  return (await maySee(ctx, { own, action: 'payment.look', subjectId: payment.id })) ? payment : null
}

/** What happened to an order's money, for its seller and staff. */
export async function settlementOf({ id }: Ref, ctx: PaymentsContext) {
  if (ctx.viewer.kind !== 'account') return null
  const order = await ctx.loaders.order.load(id)
  if (!order || order.escrow === 'AWAITING' || order.escrow === 'REFUND_ON_CAPTURE') return null
  if (!(await maySee(ctx, { own: ownsShop(ctx.viewer, order.shopId), action: 'settlement.look', subjectId: id }))) return null
  const rows = await ctx.loaders.settlement.load(id)
  return {
    rows: rows.map(({ kind, amount }) => ({ kind, amount: rupiah(amount) })),
    held: rupiah(sum(rows.map(({ amount }) => amount))),
  }
}

/** Money of an order that went back, for its buyer, its seller and staff. */
export async function refundsOf({ id }: Ref, paging: PageArguments, ctx: PaymentsContext) {
  const page = parsePage(paging, 1)
  const order = ctx.viewer.kind === 'account' ? await ctx.loaders.order.load(id) : null
  const own = order !== null && (isAccount(ctx.viewer, order.buyerId) || actsFor(ctx.viewer, order.shopId))
  const visible = order !== null && (await maySee(ctx, { own, action: 'refund.look', subjectId: id }))
  return paged(visible ? await ctx.loaders.refunds(page).load(id) : [], page)
}

/** Money of a payment that went back; who sees the payment sees it. */
export async function refundsOfPayment({ id }: Payment, paging: PageArguments, { loaders }: PaymentsContext) {
  const page = parsePage(paging, 1)
  return paged(await loaders.refundsOfPayment(page).load(id), page)
}

/** What a shop has and owes. */
export interface ShopMoney {
  readonly shopId: string
  readonly available: Money
  readonly owed: Money
  readonly held: Money
}

/** What a shop has earned, for its people and staff. */
export async function balanceOf({ id }: Ref, ctx: PaymentsContext): Promise<ShopMoney | null> {
  if (!(await maySee(ctx, { own: ownsShop(ctx.viewer, id), action: 'shop-balance.look', subjectId: id }))) return null
  const [standing, held] = await Promise.all([ctx.loaders.standing.load(id), ctx.loaders.held.load(id)])
  const { available, owed } = standing ?? { available: none, owed: none }
  return { shopId: id, available: rupiah(available), owed: rupiah(owed), held: rupiah(held?.amount ?? none) }
}

/** A page of movements, and how to find out what was there before and after its period; empty where it is not the viewer's to see. */
async function statementOf(
  { entries, ends }: StatementLoaders,
  { id, visible }: Ref & { readonly visible: boolean },
  page: StatementPage,
) {
  const rows = visible ? await entries(page).load(id) : []
  return {
    ...connection(rows, page, ({ position }) => [Number(position)]),
    ends: async () => (visible ? ends(periodOf(page)).load(id) : null),
  }
}

/** See statementOf. */
export type Statement = Awaited<ReturnType<typeof statementOf>>

/** What moved on a shop's balance, newest first, for its people and staff. */
export async function shopEntriesOf({ shopId }: { readonly shopId: string }, asked: StatementArguments, ctx: PaymentsContext) {
  const page = parseStatement(asked)
  const visible = await maySee(ctx, { own: ownsShop(ctx.viewer, shopId), action: 'shop-balance.entries', subjectId: shopId })
  return statementOf(ctx.loaders.shopStatement, { id: shopId, visible }, page)
}

/** A withdrawal, for the shop's people and staff. */
export async function resolveWithdrawal({ id }: Ref, ctx: PaymentsContext): Promise<Withdrawal | null> {
  const withdrawal = await ctx.loaders.withdrawal.load(id)
  if (!withdrawal) return null
  const look = { own: ownsShop(ctx.viewer, withdrawal.shopId), action: 'withdrawal.look', subjectId: id }
  return (await maySee(ctx, look)) ? withdrawal : null
}

/** Where a shop's money may go, for its people and staff. */
export async function bankAccountsOf({ id }: Ref, ctx: PaymentsContext): Promise<readonly BankAccount[]> {
  const look = { own: ownsShop(ctx.viewer, id), action: 'bank-account.look', subjectId: id }
  return (await maySee(ctx, look)) ? ctx.loaders.bankAccountsOfShop.load(id) : []
}

/** What a shop has withdrawn, newest first, for its people and staff. */
export async function withdrawalsOf({ id }: Ref, paging: PageArguments, ctx: PaymentsContext) {
  const page = parsePage(paging, 1)
  const visible = await maySee(ctx, { own: ownsShop(ctx.viewer, id), action: 'withdrawal.look', subjectId: id })
  return paged(visible ? await ctx.loaders.withdrawalsOfShop(page).load(id) : [], page)
}

/** What a buyer has in the market, for the buyer and staff. */
export async function walletOf({ id }: Ref, ctx: PaymentsContext) {
  if (!(await maySee(ctx, { own: isAccount(ctx.viewer, id), action: 'wallet.look', subjectId: id }))) return null
  return rupiah((await ctx.loaders.wallet.load(id))?.amount ?? none)
}

/** What moved on a buyer's balance, newest first, for the buyer and staff. */
export async function walletEntriesOf({ id }: Ref, asked: StatementArguments, ctx: PaymentsContext) {
  const page = parseStatement(asked)
  const visible = await maySee(ctx, { own: isAccount(ctx.viewer, id), action: 'wallet.entries', subjectId: id })
  return statementOf(ctx.loaders.walletStatement, { id, visible }, page)
}

/** The provider's messages about a payment. */
export async function eventsOf({ id }: Payment, paging: PageArguments, { loaders }: PaymentsContext) {
  const page = parsePage(paging, 1)
  return paged(await loaders.events(page).load(id), page)
}
