import { limits } from '@pasar/shared/limits'

/** What is known of a refresh token that could not be used. */
export interface SpentToken {
  readonly usedAt: Date | null
  readonly expiresAt: Date
  readonly sessionEndedAt: Date | null
  readonly suspendedAt: Date | null
  /** Whether the token that followed it has been used as well. */
  readonly successorUsed: boolean
}

/** What to do with it: give the lost reply again, end a session that two now use, or just say that it is over. */
export type RefreshDecision = 'REPEAT' | 'STOLEN' | 'ENDED'

/** A token that comes a second time was copied, unless the first reply may have been lost on its way a moment ago. */
export function decideSpentToken(token: SpentToken | undefined, now: Date): RefreshDecision {
  if (!token || token.sessionEndedAt || token.suspendedAt || !token.usedAt) return 'ENDED'
  const sinceMs = now.getTime() - token.usedAt.getTime()
  return sinceMs <= limits.refreshRetrySeconds * 1000 && !token.successorUsed ? 'REPEAT' : 'STOLEN'
}
