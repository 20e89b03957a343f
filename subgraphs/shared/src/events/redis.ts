import { createClient } from 'redis'
import { limits } from '../limits.ts'
import { errorDetails, type Log } from '../log.ts'

/** How a connection is used. */
export interface RedisOptions {
  /** What happens to a command while there is no connection: it fails at once, or (default) waits until there is one again. */
  readonly failsWhileAway?: boolean
  /** A Redis that is silent for this long is away. */
  readonly answerMs?: number
}

/**
 * Connects to Redis; a connection that is lost is opened again, and so is one to a Redis that is away: whoever begins meanwhile goes on
 * without, as those do who are there already.
 */
export async function openRedis(
  url: string,
  log: Log,
  { failsWhileAway = false, answerMs = limits.redisAnswerMs }: RedisOptions = {},
): Promise<RedisClient> {
  const client = createClient({
    url,
    disableOfflineQueue: failsWhileAway,
    socket: { reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 2_000) },
  }) as RedisClient
  client.on('error', (error: unknown) => log.warn(errorDetails(error), 'redis'))
  await inTime(client.connect(), { ms: answerMs }).catch((error: unknown) => {
    if (!client.isOpen) throw error
    log.warn(errorDetails(error), 'Redis is away')
  })
  return client
}

/** A connection to Redis. */
export type RedisClient = ReturnType<typeof createClient>

/** How long an answer may take, and what is done when it takes longer. */
export interface Deadline {
  readonly ms: number
  readonly onLate?: () => void
}

/** Rejects when Redis takes longer than it may: a command that was sent has no deadline of its own. */
export const inTime = <T>(asked: Promise<T>, { ms, onLate }: Deadline): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new Error(`Redis took longer than ${ms} ms`))
      onLate?.()
    }, ms).unref()
    asked.then(resolve, reject).finally(() => clearTimeout(late))
  })

/** Gives up a connection over which nothing comes any more, for the network may tell of its end only after minutes, and opens another one. */
export function reopenRedis(client: RedisClient): void {
  if (!client.isReady) return
  client.destroy()
  client.connect().catch(() => undefined)
}

/** Closes a connection behind what was asked over it; one whose Redis does not answer is cut. */
export async function closeRedis(client: RedisClient, ms: number): Promise<void> {
  if (client.isReady) await inTime(client.close(), { ms }).catch(() => undefined)
  client.destroy()
}
