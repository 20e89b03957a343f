import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { PasarEvent } from '@pasar/schema/events'
import type { Subscription } from '@pasar/shared/events/bus'
import type { Domain } from '@pasar/shared/domains'
import type { SubgraphRequest } from '@pasar/shared/http/transport'
import type { Body, Embody } from './body.ts'
import { openRpc } from './rpc.ts'

const main = fileURLToPath(new URL('./process-main.ts', import.meta.url))

/** Processes that have loaded their code and wait for a part: a death costs no more than it must. */
const spares = new Map<Domain | 'any', ReturnType<typeof launch>>()

const launch = () => fork(main, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })

function takeSpare() {
  const spare = spares.get('any') ?? launch()
  spares.set('any', launch())
  return spare
}

/** Ends the process that waits for a part; call it when no more parts are given. */
export const endSpares = (): void => {
  for (const spare of spares.values()) spare.kill('SIGKILL')
  spares.clear()
}

/** Opens the subgraph in a process of its own, which a SIGKILL ends. */
export const embodyInProcess: Embody = async ({ domain, url, settings, clock }, around) => {
  const child = takeSpare()
  const send = (message: object) => void (child.connected && child.send(message, () => undefined))
  const ask = openRpc(
    { send, on: (event, listener) => child.on(event, listener) },
    {
      call: ({ to, request }: { to: Domain; request: SubgraphRequest }) => around.call(to, request),
      publish: ({ from, events }: { from: Domain; events: PasarEvent[] }) => around.publish(from, events),
      reach: ({ point, about }: { point: string; about: string }) => around.reach(point, about),
      consume: async (subscription: Pick<Subscription, 'group' | 'domains'>) =>
        around.consume(subscription, (event) => {
          around.touch()
          return tell('handle', { group: subscription.group, event })
        }),
    },
  )
  // The process's clock is ours: each message carries it.
  const tell = <T>(what: string, value: object = {}) => ask<T>(what, { ...value, now: clock.now().getTime() })
  await tell('open', { domain, url, settings })
  const body: Body = {
    execute: (request) => tell('execute', { request }),
    notify: async (request) => (await tell<object>('notify', { request })) as Awaited<ReturnType<Body['notify']>>,
    work: () => tell('work'),
    createAccount: (seed) => tell('createAccount', { seed }),
    createShop: (seed) => tell('createShop', { seed }),
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    end: () => void child.kill('SIGKILL'),
  }
  return body
}
