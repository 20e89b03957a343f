import type pg from 'pg'

/** How often is looked within the time that an answer may take. */
const looks = 4

/** How many times as long a statement may take that reads or removes much at once. */
const patience = 20

const long = new Set<string>()

/** Notes that a statement reads or removes much at once, and rightly takes longer than others. */
export function takesLong(text: string): string {
  long.add(text)
  return text
}

/** Looks after the connections of a pool. */
export interface Watch {
  /** Called with each new connection, before anything is asked of it. */
  see(client: pg.PoolClient): void
  /** Called with each statement that a connection is to be asked. */
  asks(client: pg.PoolClient, text: string): void
  stop(): void
}

/**
 * Cuts connections off that do not answer: a machine that dies says nothing, and whoever has asked it would wait for good. All that was asked
 * fails then, and the pool opens another connection. One timer for all of them, because every statement comes by here: an answer may take up
 * to a quarter longer than it should. The server is told to look as often whether anybody is still there: otherwise whoever waits for a lock
 * over there keeps a connection of the server's for as long as the lock is held. It is told by a statement, because a pooler between (or a
 * server that cannot look) may refuse a connection that asks for it at its beginning.
 */
export function watchSilence(answerMs: number): Watch {
  const waiting = new Map<pg.PoolClient, number>()
  let look = 0
  const cutOff = () => {
    look += 1
    for (const [client, last] of waiting) {
      if (look <= last) continue
      // A transaction may ask it again, whose end was told of before.
      waiting.delete(client)
      streamOf(client).destroy(new Error('Query read timeout'))
    }
  }
  const timer = setInterval(cutOff, answerMs / looks).unref()
  return {
    see: (client) => {
      const forget = () => void waiting.delete(client)
      client.on('drain', forget).on('end', forget)
      client.query(`SET client_connection_check_interval = ${Math.ceil(answerMs / looks)}`).catch(() => undefined)
    },
    asks: (client, text) => {
      if (!waiting.has(client)) waiting.set(client, look + looks * (long.has(text) ? patience : 1))
    },
    stop: () => clearInterval(timer),
  }
}

const streamOf = (client: pg.PoolClient) =>
  (client as unknown as { readonly connection: { readonly stream: { destroy(error: Error): void } } }).connection.stream
