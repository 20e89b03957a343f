import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Domain } from '@pasar/shared/domains'
import type { EmbeddedPostgres } from '../../postgres/server.ts'
import { openRpc } from './rpc.ts'

const main = fileURLToPath(new URL('./postgres-main.ts', import.meta.url))

/** The ways into a server, as they are told to another process. */
export interface Urls {
  readonly adminUrl: string
  readonly urls: Readonly<Record<Domain, string>>
  readonly ownerUrls: Readonly<Record<Domain, string>>
}

/**
 * A PostgreSQL that may be ended at once, kept by a small process of its own: whoever starts another process is copied for it, and a proof
 * is so large that this took longer than all of PostgreSQL's start.
 */
export async function startPostgresApart(say: (line: string) => void): Promise<EmbeddedPostgres> {
  const keeper = fork(main, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ask = openRpc(
    { send: (message) => void keeper.send(message), on: (event, listener) => keeper.on(event, listener) },
    { say: async ({ line }: { line: string }) => say(line) },
  )
  // A promise of its end to race against would keep all that ever raced, and with it the processes that died meanwhile.
  const asked = <T>(what: string): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const end = () => reject(new Error('the process that keeps PostgreSQL has ended'))
      keeper.once('exit', end)
      ask<T>(what)
        .then(resolve, reject)
        .finally(() => keeper.off('exit', end))
    })
  const { adminUrl, urls, ownerUrls } = await asked<Urls>('start')
  return {
    adminUrl,
    urlFor: (domain) => urls[domain],
    ownerUrlFor: (domain) => ownerUrls[domain],
    crash: () => asked('crash'),
    stop: async () => {
      await asked('stop')
      const ended = once(keeper, 'exit')
      keeper.disconnect()
      await ended
    },
  }
}
