import type { EventPayloads, EventType, PasarEvent } from '@pasar/schema/events'
import type { Domain } from '@pasar/shared/domains'
import { tagOf } from './fetch-policy.ts'

/** Members of a payload that are one text. */
type TextOf<T extends EventType> = {
  [M in keyof EventPayloads[T]]: EventPayloads[T][M] extends string ? M : never
}[keyof EventPayloads[T]]

/** Entity types, each with the member of the payload that is the id. */
type Entities = { readonly [T in EventType]?: Readonly<Record<string, TextOf<T>>> }

/** Which entities change with which event: all that may be kept and ever changes stands here. */
export const changedBy = {
  ListingChanged: { Variant: 'variantId', Product: 'productId' },
  ReviewSubmitted: { Review: 'reviewId', Product: 'productId' },
  ShopOpened: { Shop: 'shopId' },
  ShopChanged: { Shop: 'shopId' },
  ShopSuspended: { Shop: 'shopId' },
  ShopReinstated: { Shop: 'shopId' },
} as const satisfies Entities

/** Entity types that may be kept and never change while a market runs: their values stand in its code, or are only ever added to. */
export const neverChanging: ReadonlySet<string> = new Set(['Category', 'Courier', 'CourierService'])

/** Who sends the events above. */
export const changingDomains: readonly Domain[] = ['products', 'users']

const changes: Readonly<Partial<Record<EventType, Readonly<Record<string, string>>>>> = changedBy

/** Tags of everything that an event changes. */
export function tagsChangedBy({ type, payload }: PasarEvent): readonly string[] {
  const members = payload as Readonly<Record<string, unknown>>
  return Object.entries(changes[type] ?? {}).map(([entity, member]) => tagOf(entity, String(members[member])))
}
