import { EventEmitter } from 'node:events'
import type { PasarEvent } from '@pasar/schema/events'
import { keysOf, type Bus, type Follower, type Subscription } from './bus.ts'
import type { Domain } from '../domains.ts'

/**
 * The bus of a market in one process. `publish` resolves when every group has handled the events, so what a crash leaves unhandled stays
 * unpublished in its outbox and is published again.
 */
export function memoryBus(): Bus {
  const groups = new Map<string, Subscription[]>()
  const followers = new Set<Follower>()
  const announcements = new EventEmitter().setMaxListeners(0)
  const topic = (domain: Domain, key: string) => `${domain} ${key}`
  const wake = (domain: Domain, keys: readonly string[]) => keys.forEach((key) => announcements.emit(topic(domain, key)))
  const tell = (domain: Domain, events: readonly PasarEvent[]) => {
    for (const follower of followers) if (follower.domains.includes(domain)) for (const event of events) follower.handle(event)
  }
  const deliver = async (domain: Domain, event: PasarEvent) => {
    for (const members of groups.values()) {
      const member = members.find((subscription) => subscription.domains.includes(domain))
      if (member) await member.handle(event)
    }
  }
  return {
    async publish(domain, events) {
      // First, for no group's work may hold them up.
      tell(domain, events)
      for (const event of events) await deliver(domain, event)
    },
    async consume(subscription) {
      const members = groups.get(subscription.group) ?? []
      groups.set(subscription.group, [...members, subscription])
      return async () => {
        groups.set(
          subscription.group,
          (groups.get(subscription.group) ?? []).filter((member) => member !== subscription),
        )
      }
    },
    async follow(follower) {
      followers.add(follower)
      follower.found()
      return async () => void followers.delete(follower)
    },
    async announce(domain, events) {
      // Before anybody is woken who may ask again at once: the events' groups may be far behind.
      tell(domain, events)
      wake(domain, keysOf(events))
    },
    wake: async (domain, keys) => wake(domain, keys),
    async listen(domain, key, wake) {
      announcements.on(topic(domain, key), wake)
      return async () => {
        announcements.off(topic(domain, key), wake)
      }
    },
    // What was published was handled: there is nothing to hold.
    heldUpTo: async (_, published) => published,
    stop: async () => {
      groups.clear()
      followers.clear()
      announcements.removeAllListeners()
    },
  }
}
