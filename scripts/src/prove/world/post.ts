import { EventEmitter } from 'node:events'
import type { PasarEvent } from '@pasar/schema/events'
import type { Bus, Subscription } from '@pasar/shared/bus'
import type { Domain } from '@pasar/shared/domains'
import type { Life } from './life.ts'

/** Carries events between processes and outlives each of them, as Redis does: what a group has not handled stays where it is. */
export interface Post {
  busOf(life: Life): Bus
  /** Hands over what waits, in order; says how many events were handled. */
  deliver(): Promise<number>
}

interface Group {
  next: number
  members: { readonly life: Life; readonly subscription: Subscription }[]
}

/** Opens a post in this process. Nothing is handed over by itself. */
export function openPost(): Post {
  const log: { readonly domain: Domain; readonly event: PasarEvent }[] = []
  const groups = new Map<string, Group>()
  const announcements = new EventEmitter().setMaxListeners(0)
  const deliverTo = async (group: Group): Promise<number> => {
    let handled = 0
    for (; group.next < log.length; group.next++) {
      const { domain, event } = log[group.next]!
      const member = group.members.find(({ life }) => !life.isOver())
      if (!member) return handled
      if (!member.subscription.domains.includes(domain)) continue
      try {
        await member.life.sharing(member.subscription.handle(event))
      } catch {
        return handled
      }
      handled += 1
    }
    return handled
  }
  return {
    busOf: (life) => ({
      publish: async (domain, events) => {
        life.check()
        log.push(...events.map((event) => ({ domain, event })))
      },
      consume: async (subscription) => {
        const group = groups.get(subscription.group) ?? { next: 0, members: [] }
        group.members = [...group.members.filter((member) => !member.life.isOver()), { life, subscription }]
        groups.set(subscription.group, group)
        return async () => void (group.members = group.members.filter((member) => member.subscription !== subscription))
      },
      follow: async () => async () => undefined,
      announce: async (domain, keys) => keys.forEach((key) => void announcements.emit(`${domain} ${key}`)),
      listen: async (domain, key, wake) => {
        announcements.on(`${domain} ${key}`, wake)
        return async () => void announcements.off(`${domain} ${key}`, wake)
      },
      heldUpTo: async (_, published) => published,
      stop: async () => undefined,
    }),
    deliver: async () => {
      let handled = 0
      for (const group of groups.values()) handled += await deliverTo(group)
      return handled
    },
  }
}
