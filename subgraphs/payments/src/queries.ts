import { refuseUnkeepable } from '@pasar/shared/bounded-text'
import { idParser } from '@pasar/shared/ids'
import { maySee, parseReason } from '@pasar/shared/subgraph/looks'
import { minorUnits, rupiah, sum, type Minor } from '@pasar/shared/money'
import { connection, parsePage, type PageArguments } from '@pasar/shared/subgraph/page'
import { BadInput } from '@pasar/shared/problems'
import { isAccount } from '@pasar/shared/identity/viewer'
import type { PaymentsContext } from './context.ts'
import {
  instalmentsOf,
  methods,
  paymentMethods,
  takes,
  type MethodTerms,
  type PaymentMethod,
  type RefundDestination,
} from './domain/methods.ts'
import { heldBefore } from './domain/withdrawal.ts'
import { findRulePage, type RuleFilter } from './store/charge-rules.ts'
import { findDuePage, type DueFilter } from './store/courier-dues.ts'
import { findJournals, type JournalFilter } from './store/journals.ts'
import { findTotals } from './store/ledger.ts'
import { countOpenDisputes, type Payment } from './store/payments.ts'
import { countOpenRefunds } from './store/refunds.ts'
import { findDebtPage } from './store/seller-accounts.ts'
import { findHeldPage } from './store/withdrawals.ts'

const parsePaymentId = idParser('payment')
const parseOrderId = idParser('order')
const parseShopId = idParser('shop')
const parseAccountId = idParser('account')

/** A payment that the viewer may see. */
export async function findPayment(
  ctx: PaymentsContext,
  { id, reason }: { id: string; reason?: string | null },
): Promise<Payment | null> {
  const parsed = parsePaymentId(id)
  const why = parseReason(reason)
  const payment = await ctx.loaders.payment.load(parsed)
  if (!payment) return null
  const look = { own: isAccount(ctx.viewer, payment.buyerId), action: 'payment.look', subjectId: payment.id, reason: why }
  return (await maySee(ctx, look)) ? payment : null
}

/** What the viewer has in this market; a guest has nothing. */
const balanceOf = async ({ viewer, loaders }: PaymentsContext) =>
  viewer.kind === 'account' ? ((await loaders.wallet.load(viewer.accountId))?.amount ?? 0n) : 0n

/** In which parts something is paid by a method: none where it is paid at once. */
export const listInstalments = (method: PaymentMethod, amount: Minor) =>
  instalmentsOf(method, amount).map((row, index) => ({ number: index + 1, amount: rupiah(row) }))

/** Every way to pay, seen for one amount and with the viewer's balance. */
export async function listPaymentMethods(ctx: PaymentsContext, raw: bigint) {
  const amount = minorUnits(raw)
  if (amount <= 0n) throw new BadInput('amount', { id: 'jumlah rupiah di atas 0', en: 'a positive amount of rupiah' })
  const balance = await balanceOf(ctx)
  const offered = (method: PaymentMethod) =>
    ctx.providers.choose(method) !== undefined && (method !== 'WALLET' || balance >= amount)
  return paymentMethods.map((method) => {
    const { minimum, maximum, expiresInMinutes, refundWindowDays }: MethodTerms = methods[method]
    const refundsTo: RefundDestination = refundWindowDays === null ? 'WALLET_BALANCE' : 'ORIGINAL_METHOD'
    return {
      method,
      available: takes(method, amount) && offered(method),
      minimum: rupiah(minimum),
      maximum: rupiah(maximum),
      expiresInMinutes,
      refundsTo,
      refundWindowDays,
      instalments: listInstalments(method, amount),
    }
  })
}

/** All accounts by kind with their debits and credits, as of one moment. */
export async function readTrialBalance({ db, noteLook }: PaymentsContext, { reason }: { reason?: string | null }) {
  await noteLook('ledger', { action: 'ledger.trial-balance', reason: parseReason(reason) })
  const kinds = await findTotals(db)
  const [debit, credit] = [sum(kinds.map((kind) => kind.debit)), sum(kinds.map((kind) => kind.credit))]
  const rows = kinds.map((kind) => ({
    kind: kind.kind,
    accounts: kind.accounts,
    debit: rupiah(kind.debit),
    credit: rupiah(kind.credit),
    balance: rupiah(kind.debit - kind.credit),
  }))
  return { rows, debit: rupiah(debit), credit: rupiah(credit), sum: rupiah(debit - credit) }
}

/** Whether the books keep their rules now. */
export async function readInvariants({ invariants, noteLook }: PaymentsContext, { reason }: { reason?: string | null }) {
  await noteLook('ledger', { action: 'ledger.invariants', reason: parseReason(reason) })
  return invariants.look()
}

/** What ledgerJournals is asked. */
export interface JournalsArguments extends PageArguments {
  readonly filter?: JournalFilter | null
  readonly reason?: string | null
}

/** A page of the ledger's journals, newest first. */
export async function listJournals({ db, noteLook }: PaymentsContext, { filter, reason, ...paging }: JournalsArguments) {
  const page = parsePage(paging)
  if (filter?.orderId != null) parseOrderId(filter.orderId, 'filter.orderId')
  await noteLook(filter?.orderId ?? 'ledger', { action: 'ledger.journals', reason: parseReason(reason) })
  const rows = await findJournals(db, filter ?? {}, page)
  return connection(rows, page, ({ postedAt, id }) => [postedAt.toISOString(), id])
}

/** A page of something that only staff sees, and why they look. */
export interface StaffListArguments extends PageArguments {
  readonly reason?: string | null
}

/** Shops that owe the market money, in the order of their ids. */
export async function listDebts({ db, noteLook }: PaymentsContext, { reason, ...paging }: StaffListArguments) {
  const page = parsePage(paging, 1)
  await noteLook('ledger', { action: 'ledger.shop-debts', reason: parseReason(reason) })
  return connection(await findDebtPage(db, page), page, ({ shopId }) => [shopId])
}

/** Withdrawals that wait for somebody who looks into their provider's own pages, oldest first. */
export async function listHeld({ db, clock, noteLook }: PaymentsContext, { reason, ...paging }: StaffListArguments) {
  const page = parsePage(paging, 1)
  await noteLook('withdrawals', { action: 'withdrawals.held', reason: parseReason(reason) })
  return connection(await findHeldPage(db, heldBefore(clock.now()), page), page, ({ id }) => [id])
}

/** What courierDues is asked. */
export interface DuesArguments extends StaffListArguments {
  readonly filter?: DueFilter | null
}

/** What is open between the market and its couriers, oldest first. */
export async function listDues({ db, noteLook }: PaymentsContext, { filter, reason, ...paging }: DuesArguments) {
  const page = parsePage(paging, 1)
  refuseUnkeepable(filter?.courierId ?? '', 'filter.courierId')
  await noteLook(filter?.courierId ?? 'couriers', { action: 'courier.dues', reason: parseReason(reason) })
  return connection(await findDuePage(db, filter ?? {}, page), page, ({ id }) => [id])
}

/** What chargeRules is asked. */
export interface RulesArguments extends StaffListArguments {
  readonly filter?: RuleFilter | null
}

/** The rules by which sellers are charged, the newest first. */
export async function listRules({ db, noteLook }: PaymentsContext, { filter, reason, ...paging }: RulesArguments) {
  const page = parsePage(paging)
  if (filter?.shopId != null) parseShopId(filter.shopId, 'filter.shopId')
  await noteLook(filter?.shopId ?? 'charges', { action: 'charges.rules', reason: parseReason(reason) })
  return connection(await findRulePage(db, filter ?? {}, page), page, ({ validFrom, id }) => [validFrom.toISOString(), id])
}

/** A bank that takes a payment back and a market argue about it for months, and not for longer. */
const disputeDays = 180

/** Money of a buyer that the market still has, or argues about. */
export async function owedTo({ db, clock, loaders }: PaymentsContext, rawId: string) {
  const buyerId = parseAccountId(rawId, 'accountId')
  const since = new Date(clock.now().getTime() - disputeDays * 86_400_000)
  const [wallet, refunds, disputes] = await Promise.all([
    loaders.wallet.load(buyerId),
    countOpenRefunds(db, buyerId),
    countOpenDisputes(db, buyerId, since),
  ])
  return { balance: wallet?.amount ?? 0n, refunds, disputes }
}
