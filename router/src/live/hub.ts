import { setImmediate as nextTurn } from 'node:timers/promises'
import { errorDetails } from '@pasar/shared/log'
import type { Payer } from '../cost/viewer-budgets.ts'
import type { Admitted, Refused } from '../operation/admit.ts'
import { viewerKey } from '../operation/sharing.ts'
import type { Caller } from '../subgraph/send.ts'
import type { Ending } from './audience.ts'
import { schemaReloaded, schemaWithout } from './endings.ts'
import type { Follower, Leave } from './follower.ts'
import type { LiveOperation } from './frames.ts'
import { Upstream, type UpstreamOptions } from './upstream.ts'
import { upstreamPayload } from './upstream-payload.ts'

/** All streams that run: one for each thing that is asked of a subgraph in one name. */
export interface Hub {
  /** Starts or joins a stream, before anything else can happen. Throws a GraphQLError for what cannot be planned. */
  join(admitted: Admitted, caller: Caller, follower: Follower): Leave
  /** Plans every subscription anew; those that ask their subgraph for something else than before end. */
  renew(admit: (admitted: Admitted, caller: Caller) => Admitted | Refused): Promise<void>
  /** How many streams of subgraphs are open. */
  upstreams(): number
  stop(): void
}

/** What is the same for all who may share a stream: whom it is asked of, what, and in whose name. */
function keyOf(live: LiveOperation): string {
  const { query, operationName = '', variables } = upstreamPayload(live)
  return [live.compiled.primary!.serviceName, viewerKey(live.caller), operationName, JSON.stringify(variables), query].join('\n')
}

/** What opening the hub takes. */
export interface HubOptions extends UpstreamOptions {
  readonly payerOf: (caller: Caller) => Payer
}

/** Opens the hub. */
export function openHub(options: HubOptions): Hub {
  const running = new Set<Upstream>()
  const joinable = new Map<string, Upstream>()
  const open = (live: LiveOperation, key: string): Upstream => {
    const upstream: Upstream = new Upstream(options, live, () => {
      running.delete(upstream)
      if (joinable.get(key) === upstream) joinable.delete(key)
    })
    running.add(upstream)
    joinable.set(key, upstream)
    return upstream
  }
  return {
    join(admitted, caller, follower) {
      const { viewer, locale, requestId, handedOn = {} } = caller
      const compiled = admitted.compiled()
      // Nothing of a caller that belongs to one request only: this one may last for days, and be shared.
      const live: LiveOperation = { admitted, compiled, caller: { viewer, locale, requestId, handedOn } }
      const payer = options.payerOf(caller)
      const key = keyOf(live)
      const known = joinable.get(key)
      if (known?.canBeJoined(live)) return known.join(live, follower, payer)
      const upstream = open(live, key)
      const leave = upstream.join(live, follower, payer)
      upstream.run().catch((error: unknown) => options.log.error(errorDetails(error), 'a stream failed'))
      return leave
    },
    async renew(admit) {
      for (const upstream of running) {
        upstream.renew((live) => renewed(live, () => admit(live.admitted, live.caller)))
        // Planning takes milliseconds each.
        await nextTurn()
      }
    },
    upstreams: () => running.size,
    stop() {
      for (const upstream of running) upstream.stop()
      running.clear()
      joinable.clear()
    },
  }
}

function renewed(live: LiveOperation, admit: () => Admitted | Refused): LiveOperation | Ending {
  try {
    const admitted = admit()
    if ('errors' in admitted) return schemaWithout()
    const next: LiveOperation = { ...live, admitted, compiled: admitted.compiled() }
    return keyOf(next) === keyOf(live) ? next : schemaReloaded()
  } catch {
    return schemaWithout()
  }
}
