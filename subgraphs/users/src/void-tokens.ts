import { limits } from '@pasar/shared/limits'
import { BadInput } from '@pasar/shared/problems'
import type { UsersContext } from './context.ts'
import { eventsAtOnce, findEventsBefore } from './store/void-tokens.ts'

const last = 2n ** 63n - 1n

function parseBefore(before: string | null | undefined): bigint {
  if (before == null) return last
  if (!/^\d{1,18}$/.test(before))
    throw new BadInput('before', { id: 'next dari bagian sebelumnya', en: 'next of the part before' })
  return BigInt(before)
}

/** A part of what ends access tokens before their time, for as long as such tokens live. */
export async function findVoidTokens({ db, clock }: UsersContext, before: string | null | undefined) {
  const since = clock.now().getTime() - limits.voidTokensMinutes * 60_000
  const events = await findEventsBefore(db, parseBefore(before))
  const oldest = events.at(-1)
  const of = (wanted: string) => events.filter(({ type, occurredAt }) => type === wanted && occurredAt.getTime() > since)
  return {
    sessions: of('SessionRevoked').map(({ aggregateId }) => aggregateId),
    accounts: of('AccountRightsChanged').map(({ aggregateId, seq }) => ({ id: aggregateId, rights: Number(seq) })),
    next: events.length === eventsAtOnce && oldest!.occurredAt.getTime() > since ? String(oldest!.id) : null,
  }
}
