import { createClient } from 'redis'
import { errorDetails, type Log } from './log.ts'

/** Connects to Redis; a connection that is lost is opened again. */
export async function openRedis(url: string, log: Log): Promise<RedisClient> {
  const client = createClient({ url, socket: { reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 2_000) } })
  client.on('error', (error: unknown) => log.warn(errorDetails(error), 'redis'))
  await client.connect()
  return client as RedisClient
}

/** A connection to Redis. */
export type RedisClient = ReturnType<typeof createClient>
