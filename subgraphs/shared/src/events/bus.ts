import type { PasarEvent } from '@pasar/schema/events'
import type { Domain } from '../domains.ts'

/** Handles one event; rejects when it must be handed over again. */
export type EventHandler = (event: PasarEvent) => Promise<void>

/** Stops something that runs; resolves when it has stopped. */
export type Stop = () => Promise<void>

/**
 * A group of consumers: each event of the named domains goes to one member of each group, at least once. A member is handed events in order;
 * several work side by side, and what a dead one had taken comes late to another, so that events may overtake each other.
 */
export interface Subscription {
  /** Name of the group: the consuming subgraph. */
  readonly group: string
  readonly domains: readonly Domain[]
  readonly handle: EventHandler
}

/** Somebody who wants every event of some domains from now on, besides all groups: what it keeps follows from them. */
export interface Follower {
  readonly domains: readonly Domain[]
  /** May come again. */
  handle(event: PasarEvent): void
  /** Events may be missed from here on. Said at first too, where events come over a network. */
  lost(): void
  /** From here on no event is missed; what happened before may have been. */
  found(): void
}

/** Carries events from relays to consumers, and wake-ups to live streams. Never the only copy of anything. */
export interface Bus {
  /** Hands over events of one domain in order; resolves when they are safe to be marked as published. */
  publish(domain: Domain, events: readonly PasarEvent[]): Promise<void>
  /** Joins a group. */
  consume(subscription: Subscription): Promise<Stop>
  /** Follows events without a part in their delivery: nothing waits for a follower, and nothing comes to it again. */
  follow(follower: Follower): Promise<Stop>
  /** Tells every process that a domain's log has these events: whoever listens for one of their keys is woken. */
  announce(domain: Domain, events: readonly PasarEvent[]): Promise<void>
  /** The same without an event: whoever listens for one of these keys of a domain looks again. */
  wake(domain: Domain, keys: readonly string[]): Promise<void>
  /** Calls `wake` after each announcement for this id. */
  listen(domain: Domain, key: string, wake: () => void): Promise<Stop>
  /** Up to which position nothing is lost of what was published of a domain up to `published`. */
  heldUpTo(domain: Domain, published: number): Promise<number>
  stop(): Promise<void>
}

/** The keys that some events carry, each once. */
export const keysOf = (events: readonly PasarEvent[]): readonly string[] => [...new Set(events.flatMap(({ keys }) => keys))]
