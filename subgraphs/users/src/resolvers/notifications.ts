import { derivedId, idPrefixes, type IdKind } from '@pasar/shared/ids'
import type { NotificationResolvers, NotificationUpdateResolvers } from '../generated/resolvers.ts'
import { textOf } from '../notifications.ts'

const about = (kind: IdKind, id: string) => (id.startsWith(`${idPrefixes[kind]}_`) ? { id } : null)

const Notification = {
  id: ({ accountId, seq }) => derivedId('notification', accountId, String(seq)),
  text: (notification, _, ctx) => textOf(notification, ctx),
  shop: ({ shopId }, _, { loaders }) => (shopId === null ? null : loaders.shopById.load(shopId)),
  order: ({ subjectId }) => about('order', subjectId),
  review: ({ subjectId }) => about('review', subjectId),
} satisfies NotificationResolvers

const NotificationUpdate = {
  account: async ({ notification }, _, { loaders }) => (await loaders.accountById.load(notification.accountId))!,
} satisfies NotificationUpdateResolvers

/** What people are told. */
export const notificationResolvers = { Notification, NotificationUpdate }
