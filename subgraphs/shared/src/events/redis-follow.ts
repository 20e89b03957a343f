import { setTimeout as pause } from 'node:timers/promises'
import type { PasarEvent } from '@pasar/schema/events'
import { createClient } from 'redis'
import type { Follower, Stop } from './bus.ts'
import type { Domain } from '../domains.ts'
import { limits } from '../limits.ts'
import { errorDetails, type Log } from '../log.ts'
import { inTime } from './redis.ts'

/** Where the streams are. */
export interface FollowOptions {
  readonly url: string
  readonly prefix: string
  readonly log: Log
}

type Client = ReturnType<typeof createClient>

const readBlockMs = 1_000
const readCount = 200
const againMs = 200

/** Key of a domain's stream. */
export const streamOf = (prefix: string, domain: Domain): string => `${prefix}:events:${domain}`

/**
 * Reads whole streams, without a group. Begins anew with every connection, at the streams' ends: what came between two connections is
 * not read, and the follower was told that it may be missed.
 */
export function followStreams(options: FollowOptions, follower: Follower): Stop {
  const stopping = new AbortController()
  let client: Client | undefined
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        client = open(options)
        await withinTime(client.connect())
        await readOn(client, options, { follower, signal: stopping.signal })
      } catch (error) {
        if (!stopping.signal.aborted) options.log.warn(errorDetails(error), 'following events failed, trying again')
      }
      follower.lost()
      client?.destroy()
      await pause(againMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  follower.lost()
  const running = run()
  return async () => {
    stopping.abort()
    client?.destroy()
    await running
  }
}

/** A client that never connects again by itself: whoever follows must know of each gap. */
function open({ url, log }: FollowOptions): Client {
  const client = createClient({ url, socket: { reconnectStrategy: false } })
  client.on('error', (error: unknown) => log.debug(errorDetails(error), 'redis'))
  return client as Client
}

async function readOn(
  client: Client,
  { prefix }: FollowOptions,
  { follower, signal }: { readonly follower: Follower; readonly signal: AbortSignal },
): Promise<void> {
  const positions = new Map<string, string>()
  for (const key of follower.domains.map((domain) => streamOf(prefix, domain))) positions.set(key, await lastIdOf(client, key))
  follower.found()
  while (!signal.aborted) {
    const wanted = [...positions].map(([key, id]) => ({ key, id }))
    const streams = await withinTime(client.xRead(wanted, { COUNT: readCount, BLOCK: readBlockMs }))
    for (const { name, messages } of streams ?? []) {
      for (const { id, message } of messages) {
        positions.set(name, id)
        if (message['event'] !== undefined) follower.handle(JSON.parse(message['event']) as PasarEvent)
      }
    }
  }
}

async function lastIdOf(client: Client, key: string): Promise<string> {
  const [newest] = (await withinTime(client.xRevRange(key, '+', '-', { COUNT: 1 }))) ?? []
  return newest?.id ?? '0-0'
}

/** A connection that is silent for longer than it may brings no events. */
const withinTime = <T>(asked: Promise<T>): Promise<T> => inTime(asked, { ms: readBlockMs + limits.redisAnswerMs })
