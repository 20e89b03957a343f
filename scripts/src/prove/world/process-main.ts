import type { PasarEvent } from '@pasar/schema/events'
import type { EventHandler } from '@pasar/shared/events/bus'
import { fixedClock } from '@pasar/shared/clock'
import type { Domain } from '@pasar/shared/domains'
import { openLog } from '@pasar/shared/log'
import type { Settings } from '@pasar/shared/process/settings'
import type { SubgraphRequest } from '@pasar/shared/http/transport'
import type { AccountSeed } from '@pasar/users/commands/create-account'
import type { ShopSeed } from '@pasar/users/commands/create-shop'
import { embodyHere, type Body } from './body.ts'
import { openRpc } from './rpc.ts'

// A process of a market under proof: it is told which part it has, and lives until it is killed.
process.on('disconnect', () => process.exit(0))

const clock = fixedClock()
const handlers = new Map<string, EventHandler>()
let body: Body

/** Every message carries the time of the market. */
const at = <V extends object, T>(work: (value: V) => Promise<T>) => {
  return (value: V & { readonly now: number }) => {
    clock.set(new Date(value.now))
    return work(value)
  }
}

const ask = openRpc(
  { send: (message) => void process.send!(message), on: (event, listener) => process.on(event, listener) },
  {
    open: at(async ({ domain, url, settings }: { domain: Domain; url: string; settings: Settings }) => {
      body = await embodyHere(
        { domain, url, settings, clock, log: openLog(settings.LOG_LEVEL, domain) },
        {
          call: (to, request) => ask('call', { to, request }),
          publish: (from, events) => ask('publish', { from, events }),
          statement: () => undefined,
          touch: () => undefined,
          reach: (point, about) => ask('reach', { point, about }),
          consume: ({ group, domains }, handle) => {
            handlers.set(group, handle)
            void ask('consume', { group, domains })
          },
        },
      )
    }),
    execute: at(({ request }: { request: SubgraphRequest }) => body.execute(request)),
    notify: at(({ request }: { request: Parameters<Body['notify']>[0] }) => body.notify(request)),
    work: at(() => body.work()),
    handle: at(({ group, event }: { group: string; event: PasarEvent }) => handlers.get(group)!(event)),
    createAccount: at(({ seed }: { seed: AccountSeed }) => body.createAccount(seed)),
    createShop: at(({ seed }: { seed: ShopSeed }) => body.createShop(seed)),
  },
)

// What every part needs is loaded before one is given.
await import('@pasar/shared/subgraph/open-subgraph')
