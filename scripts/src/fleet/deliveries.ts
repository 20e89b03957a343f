import type { Bus } from '@pasar/shared/events/bus'

/** Knows which events a fleet's subgraphs have published and not yet handled, over all processes and after their end. */
export interface Deliveries {
  /** The same bus, watched. */
  watch(bus: Bus): Bus
  /** Resolves when every group has handled what was published for it; says how much there was to wait for. */
  arrived(): Promise<number>
}

/** Watches the buses of a fleet: Redis hands events over when it likes, and a story goes on when it has. */
export function watchDeliveries(): Deliveries {
  const groups = new Map<string, readonly string[]>()
  const owed = new Set<string>()
  let waiting: (() => void)[] = []
  const handled = (delivery: string) => {
    owed.delete(delivery)
    if (owed.size > 0) return
    for (const resolve of waiting) resolve()
    waiting = []
  }
  return {
    watch: (bus) => ({
      ...bus,
      publish: async (domain, events) => {
        for (const [group, sources] of groups)
          if (sources.includes(domain)) for (const { id } of events) owed.add(`${group} ${id}`)
        await bus.publish(domain, events)
      },
      consume: (subscription) => {
        const { group, domains, handle } = subscription
        groups.set(group, domains)
        return bus.consume({
          ...subscription,
          handle: async (event) => {
            await handle(event)
            handled(`${group} ${event.id}`)
          },
        })
      },
    }),
    arrived: async () => {
      const count = owed.size
      if (count > 0) await new Promise<void>((resolve) => waiting.push(resolve))
      return count
    },
  }
}
