import type { PasarEvent } from '@pasar/schema/events'
import type { Clock } from '@pasar/shared/clock'
import type { Follower, Stop } from '@pasar/shared/events/bus'
import { limits } from '@pasar/shared/limits'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { errorDetails, type Log } from '@pasar/shared/log'
import { routerLimits } from '../safety/limits.ts'

/** What of a token decides whether it is over before its time. */
export interface TokenMarks {
  readonly viewer: Pick<AccountViewer, 'accountId' | 'sessionId'>
  /** Which of the account's rights it says; absent in a token from before there was such a number. */
  readonly rights?: number | undefined
}

/** Why a token is over before its time: whoever has it signs in again, or refreshes it. */
export type VoidReason = 'session ended' | 'rights changed'

/** What ends tokens before their time, as `users` tells it. */
export interface Voided {
  /** Sessions that were ended. */
  readonly sessions: readonly string[]
  /** Accounts whose rights have changed: tokens that say a smaller number are over. */
  readonly accounts: readonly { readonly id: string; readonly rights: number }[]
}

/** Asks for everything that ended tokens which may still live, part by part. */
export type AskVoided = () => AsyncIterable<Voided>

/** Access tokens that are not taken any more though their time is not over. */
export interface VoidTokens {
  /** Resolves when it is known what ended tokens before this router heard of it; rejects where nobody can say. */
  known(): Promise<void>
  /** Undefined where the token is good. */
  whyVoid(token: TokenMarks): VoidReason | undefined
  /** Calls back whenever there are more. */
  onMore(listener: () => void): Stop
  stop: Stop
}

/** What knowing void tokens takes. */
export interface VoidTokensOptions {
  readonly clock: Clock
  readonly log: Log
  readonly ask: AskVoided
  /** Hears the market's events; undefined where there is no way to hear them. */
  readonly follow: ((follower: Follower) => Stop | Promise<Stop>) | undefined
}

/**
 * Opens the memory of void tokens. Events tell of each that is new; what was before them, and what came while none could be heard, is asked for,
 * and again from time to time until events are heard.
 */
export async function openVoidTokens({ clock, log, ask, follow }: VoidTokensOptions): Promise<VoidTokens> {
  const memory = openMemory(clock)
  const asking = openAsking(memory, ask)
  const catchUp = () =>
    asking.catchUp().catch((error: unknown) => log.warn(errorDetails(error), 'what ended tokens could not be asked'))
  const stopFollowing = await follow?.({
    domains: ['users'],
    handle: (event) => memory.add(voidedBy(event)),
    lost: asking.lost,
    found: () => {
      asking.found()
      void catchUp()
    },
  })
  await catchUp()
  const again = setInterval(() => {
    if (asking.isBehind()) void catchUp()
  }, routerLimits.sessionCheckMs).unref()
  return {
    known: async () => {
      if (!asking.isAnswered()) await asking.catchUp()
    },
    whyVoid: memory.whyVoid,
    onMore: memory.onMore,
    stop: async () => {
      clearInterval(again)
      await stopFollowing?.()
    },
  }
}

const nothing: Voided = { sessions: [], accounts: [] }

function voidedBy({ type, aggregateId, seq }: PasarEvent): Voided {
  if (type === 'SessionRevoked') return { ...nothing, sessions: [aggregateId] }
  if (type === 'AccountRightsChanged') return { ...nothing, accounts: [{ id: aggregateId, rights: seq }] }
  return nothing
}

/** Ids of sessions and accounts, oldest first; each is forgotten when the last token that it ends is over by itself. */
function openMemory(clock: Clock) {
  const entries = new Map<string, { readonly rights: number; readonly until: number }>()
  const listeners = new Set<() => void>()
  const put = (id: string, rights: number) => {
    const known = entries.get(id)?.rights ?? 0
    entries.delete(id)
    entries.set(id, { rights: Math.max(known, rights), until: clock.now().getTime() + limits.voidTokensMinutes * 60_000 })
  }
  const forget = () => {
    const now = clock.now().getTime()
    for (const [id, { until }] of entries) {
      if (until > now && entries.size <= routerLimits.voidTokensMax) break
      entries.delete(id)
    }
  }
  return {
    add({ sessions, accounts }: Voided): void {
      if (sessions.length + accounts.length === 0) return
      for (const id of sessions) put(id, Infinity)
      for (const { id, rights } of accounts) put(id, rights)
      forget()
      for (const tell of listeners) tell()
    },
    whyVoid({ viewer, rights = Infinity }: TokenMarks): VoidReason | undefined {
      if (entries.has(viewer.sessionId)) return 'session ended'
      return rights < (entries.get(viewer.accountId)?.rights ?? 0) ? 'rights changed' : undefined
    },
    onMore(listener: () => void): Stop {
      listeners.add(listener)
      return async () => void listeners.delete(listener)
    },
  }
}

/** Asks once for all who want to know, and knows whether anything can have been missed since. */
function openAsking(memory: Pick<ReturnType<typeof openMemory>, 'add'>, askVoided: AskVoided) {
  let answered = false
  let following = false
  /** Counts the times from which on events are heard: what was asked before the last of them may lack something. */
  let times = 0
  let wholeSince: number | undefined
  let asking: Promise<void> | undefined
  const ask = async () => {
    const begun = times
    for await (const voided of askVoided()) memory.add(voided)
    answered = true
    wholeSince = begun
  }
  return {
    async catchUp(): Promise<void> {
      do await (asking ??= ask().finally(() => (asking = undefined)))
      while (following && wholeSince !== times)
    },
    lost: () => void (following = false),
    found: () => {
      following = true
      times += 1
    },
    isAnswered: () => answered,
    isBehind: () => !following || wholeSince !== times,
  }
}
