import type { Clock } from '@pasar/shared/clock'
import { enqueue } from '@pasar/shared/events/outbox'
import type { PaymentsDeps } from '../context.ts'
import { payoutJournal } from '../domain/journals.ts'
import { decidePayout, isPaidTwice, type WithdrawalState } from '../domain/withdrawal.ts'
import type { PayoutNews } from '../providers/provider.ts'
import type { Tx } from '../store/database.ts'
import { postJournal } from '../store/ledger.ts'
import { lockSeller } from '../store/seller-accounts.ts'
import { addPayoutEvent, lockWithdrawal, moveWithdrawal, type Withdrawal } from '../store/withdrawals.ts'
import type { MessageOutcome } from './record-message.ts'

/**
 * Whether a provider's refusal is of an attempt that another one has overtaken, while its process stood still: that one may have been taken,
 * and its own answer counts. Nothing is written down of it, so that the other one may be refused too.
 */
const isOvertaken = ({ state, attempts }: Withdrawal, { reference }: PayoutNews, attempt: number | undefined): boolean =>
  reference === null && (state !== 'REQUESTED' || attempts !== attempt)

/**
 * What the provider said of a withdrawal goes into the log, and its effect with it, once. `attempt` is the one that it answers, where it was
 * asked.
 */
export const hearPayout = (
  { transaction, clock, log }: PaymentsDeps,
  news: PayoutNews,
  attempt?: number,
): Promise<MessageOutcome> =>
  transaction(async (tx) => {
    const withdrawal = await lockWithdrawal(tx, news.provider, news.name)
    if (!withdrawal) return 'UNKNOWN'
    if (news.amount !== null && news.amount !== withdrawal.amount) return 'WRONG_AMOUNT'
    if (isOvertaken(withdrawal, news, attempt)) return 'SUPERSEDED'
    const to = decidePayout(withdrawal.state, news.status)
    const now = clock.now()
    const outcome = to === undefined ? 'SUPERSEDED' : 'APPLIED'
    if (!(await addPayoutEvent(tx, withdrawal.id, { key: news.key, word: news.word, outcome, now }))) return 'DUPLICATE'
    const said = { withdrawalId: withdrawal.id, state: withdrawal.state, word: news.word }
    if (news.status === 'UNKNOWN') log.warn(said, 'the provider says something of a withdrawal that we do not know')
    if (isPaidTwice(withdrawal.state, news.status))
      log.warn(said, 'the bank has a withdrawal that is on the balance again: somebody must look')
    if (to === undefined) return outcome
    await moveOn(tx, clock, { withdrawal, to, reference: news.reference })
    return outcome
  })

/** Where a held withdrawal goes, and what the provider calls it, if it has said so. */
interface Move {
  readonly withdrawal: Withdrawal
  readonly to: WithdrawalState
  readonly reference: string | null
}

/** The only way in which a withdrawal's state changes: posts what the move moves, and tells the shop. */
export async function moveOn(tx: Tx, clock: Clock, { withdrawal, to, reference }: Move): Promise<void> {
  await moveWithdrawal(tx, withdrawal.id, { to, reference, now: clock.now() })
  if (to !== 'PAID' && to !== 'FAILED' && to !== 'REVERSED') return
  const { id: withdrawalId, shopId, amount } = withdrawal
  const { owed } = await lockSeller(tx, shopId)
  await postJournal(tx, clock, payoutJournal(withdrawal, to, owed))
  const payload = { withdrawalId, shopId, amount: Number(amount), state: to }
  await enqueue(tx, clock, { type: 'WithdrawalEnded', aggregateId: withdrawalId, keys: [shopId], payload })
}
