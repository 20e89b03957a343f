import type { ProviderName } from './payment.ts'

/** Where a withdrawal stands. */
export type WithdrawalState = 'REQUESTED' | 'SENT' | 'PAID' | 'FAILED' | 'REVERSED'

/** What a provider says of a payout, without its format; UNKNOWN: a word that we do not know says only that the provider has it. */
export type PayoutStatus = 'PENDING' | 'UNKNOWN' | 'PAID' | 'FAILED' | 'REVERSED'

/** Banks that withdrawals go to. */
export const banks = ['BCA', 'BNI', 'BRI', 'MANDIRI', 'PERMATA'] as const

/** One of them. */
export type Bank = (typeof banks)[number]

/** The least that is worth a transfer. */
export const withdrawalMin = 10_000n

/** Every move that a withdrawal may make. Anything not listed here cannot happen. */
export const withdrawalMoves = {
  REQUESTED: ['SENT', 'PAID', 'FAILED'],
  SENT: ['PAID', 'FAILED'],
  PAID: ['REVERSED'],
  FAILED: [],
  REVERSED: [],
} as const satisfies Record<WithdrawalState, readonly WithdrawalState[]>

/** A bank may send money back that it had taken; a provider calls that a reversal, or a failure that comes late. */
const meant: Readonly<Record<PayoutStatus, (from: WithdrawalState) => WithdrawalState>> = {
  PENDING: () => 'SENT',
  UNKNOWN: () => 'SENT',
  PAID: () => 'PAID',
  FAILED: (from) => (from === 'PAID' ? 'REVERSED' : 'FAILED'),
  REVERSED: (from) => (from === 'PAID' ? 'REVERSED' : 'FAILED'),
}

/** Where what the provider says takes a withdrawal; undefined where it says nothing new. */
export function decidePayout(from: WithdrawalState, said: PayoutStatus): WithdrawalState | undefined {
  const to = meant[said](from)
  return (withdrawalMoves[from] as readonly WithdrawalState[]).includes(to) ? to : undefined
}

const dayMs = 86_400_000

/** Whether a withdrawal that is still on its way is worth a warning: two days after it was asked for, and once each day from then on. */
export function isOverdue({ requestedAt, lookedAt }: { requestedAt: Date; lookedAt: Date }, now: Date): boolean {
  const day = (time: Date) => Math.floor((time.getTime() - requestedAt.getTime()) / dayMs)
  return day(now) >= 2 && day(now) > day(lookedAt)
}

/** What staff found in a provider's own pages, and where that takes a withdrawal. */
export const findings = { ARRIVED: 'PAID', NOT_SENT: 'FAILED' } as const satisfies Record<string, WithdrawalState>

/** A withdrawal that was first asked for before this moment may be held. */
export const heldBefore = (now: Date): Date => new Date(now.getTime() - dayMs)

/**
 * Whether only a provider's own pages say if it has a withdrawal: its first answer got lost, and it is sent no more to whoever cannot be asked
 * by our name. That ends 20 hours after the first attempt; what was under way then has ended long before a day is over.
 */
export const isHeld = (
  { state, provider, askedAt }: { state: WithdrawalState; provider: ProviderName; askedAt: Date | null },
  now: Date,
): boolean => state === 'REQUESTED' && provider === 'MIDTRANS' && askedAt !== null && askedAt < heldBefore(now)

/** Whether the bank is said to have money that is on the shop's balance again. */
export const isPaidTwice = (from: WithdrawalState, said: PayoutStatus): boolean => from === 'FAILED' && said === 'PAID'
