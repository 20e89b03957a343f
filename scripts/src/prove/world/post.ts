import type { PasarEvent } from '@pasar/schema/events'
import type { EventHandler, Subscription } from '@pasar/shared/events/bus'
import type { Domain } from '@pasar/shared/domains'
import type { Life } from './life.ts'

/** Carries events between processes and outlives each of them, as Redis does: what a group has not handled stays where it is. */
export interface Post {
  publish(domain: Domain, events: readonly PasarEvent[]): void
  consume(life: Life, subscription: Pick<Subscription, 'group' | 'domains'>, handle: EventHandler): void
  /** Hands over what waits, in order; says how many events were handled. */
  deliver(): Promise<number>
  /** What waits for somebody who lives, in words. */
  undelivered(): readonly string[]
}

interface Member extends Pick<Subscription, 'domains'> {
  readonly life: Life
  readonly handle: EventHandler
}

interface Group {
  next: number
  members: Member[]
}

/** Opens a post in this process. Nothing is handed over by itself. */
export function openPost(): Post {
  const log: { readonly domain: Domain; readonly event: PasarEvent }[] = []
  const groups = new Map<string, Group>()
  const deliverTo = async (group: Group): Promise<number> => {
    let handled = 0
    for (; group.next < log.length; group.next++) {
      const { domain, event } = log[group.next]!
      const member = group.members.find(({ life }) => !life.isOver())
      if (!member) return handled
      if (!member.domains.includes(domain)) continue
      try {
        await member.life.sharing(member.handle(event))
      } catch {
        return handled
      }
      handled += 1
    }
    return handled
  }
  return {
    publish: (domain, events) => void log.push(...events.map((event) => ({ domain, event }))),
    consume: (life, { group: name, domains }, handle) => {
      const group = groups.get(name) ?? { next: 0, members: [] }
      group.members = [...group.members.filter((member) => !member.life.isOver()), { life, domains, handle }]
      groups.set(name, group)
    },
    deliver: async () => {
      let handled = 0
      for (const group of groups.values()) handled += await deliverTo(group)
      return handled
    },
    undelivered: () =>
      [...groups].flatMap(([name, { next, members }]) => {
        const heeds = new Set(members.filter(({ life }) => !life.isOver()).flatMap(({ domains }) => domains))
        return log
          .slice(next)
          .filter(({ domain }) => heeds.has(domain))
          .map(({ event }) => `${event.type} ${event.id} is not handed to ${name}`)
      }),
  }
}
