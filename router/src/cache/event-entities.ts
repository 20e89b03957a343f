import type { EventPayloads, EventType, PasarEvent } from '@pasar/schema/events'
import type { Domain } from '@pasar/shared/domains'
import { listTag, tagOf } from './tags.ts'

/** Members of a payload that are one text. */
type TextOf<T extends EventType> = {
  [M in keyof EventPayloads[T]]: EventPayloads[T][M] extends string ? M : never
}[keyof EventPayloads[T]]

/** Entity types, each with the member of the payload that is the id. */
type Entities = { readonly [T in EventType]?: Readonly<Record<string, TextOf<T>>> }

/** Which entities change with which event: all that may be kept and ever changes stands here. */
export const changedBy = {
  ListingChanged: { Variant: 'variantId', Product: 'productId' },
  ReviewSubmitted: { Review: 'reviewId', Product: 'productId', Shop: 'shopId' },
  ReviewTakenDown: { Review: 'reviewId', Product: 'productId', Shop: 'shopId' },
  ReviewRestored: { Review: 'reviewId', Product: 'productId', Shop: 'shopId' },
  ReviewsImported: { Shop: 'shopId' },
  ReviewAnswerChanged: { Review: 'reviewId' },
  ReviewUnsigned: { Review: 'reviewId' },
  ShopOpened: { Shop: 'shopId' },
  ShopChanged: { Shop: 'shopId' },
  ShopSuspended: { Shop: 'shopId' },
  ShopReinstated: { Shop: 'shopId' },
} as const satisfies Entities

/** Entity types that may be kept and never change while a market runs: their values stand in its code, or are only ever added to. */
export const neverChanging: ReadonlySet<string> = new Set(['Category', 'Courier', 'CourierService'])

/** What answers may depend on without showing it: who is in a list, its order and its counts. */
type List = 'products' | 'shops'

/**
 * Fields that show a list, or look something up by what may be somebody else's tomorrow. Where an event tells of changes, the answer of
 * a root field is kept only when it stands here or among those that never change.
 */
export const listsShown: Readonly<Record<string, List>> = {
  'Query.product': 'products',
  'Query.products': 'products',
  'Query.productFacets': 'products',
  'Query.flashSales': 'products',
  'Shop.products': 'products',
  'Query.shop': 'shops',
  'Query.shopBySlug': 'shops',
  'Query.shops': 'shops',
}

/** Root fields whose answers stand in the market's code. */
export const neverChangingRoots: ReadonlySet<string> = new Set([
  'Query.provinces',
  'Query.regencies',
  'Query.districts',
  'Query.searchRegencies',
  'Query.couriers',
])

/**
 * Which lists change with which event. The figures by which products are sorted, filtered and counted are written in the transaction that
 * writes the event, so that whoever reads after the event reads them.
 */
const listsChangedBy = {
  ListingChanged: 'products',
  ReviewSubmitted: 'products',
  ReviewTakenDown: 'products',
  ReviewRestored: 'products',
  ShopOpened: 'shops',
  ShopChanged: 'shops',
  ShopSuspended: 'shops',
  ShopReinstated: 'shops',
} as const satisfies { readonly [T in EventType]?: List }

/** Who sends the events above. */
export const changingDomains: readonly Domain[] = ['products', 'users']

const changes: Readonly<Partial<Record<EventType, Readonly<Record<string, string>>>>> = changedBy
const changedLists: Readonly<Partial<Record<EventType, List>>> = listsChangedBy

/** Tags of everything that an event changes. */
export function tagsChangedBy({ type, payload }: PasarEvent): readonly string[] {
  const members = payload as Readonly<Record<string, unknown>>
  const list = changedLists[type]
  return [
    ...Object.entries(changes[type] ?? {}).map(([entity, member]) => tagOf(entity, String(members[member]))),
    ...(list === undefined ? [] : [listTag(list)]),
  ]
}
