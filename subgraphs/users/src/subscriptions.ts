import { follow } from '@pasar/shared/events/live'
import { mapValues } from '@pasar/shared/flow/iterators'
import type { UsersContext } from './context.ts'
import { cursorOf, placeOf, type NotificationFrame } from './notifications.ts'
import { findMe } from './queries.ts'
import { findNext, newestOf } from './store/notifications.ts'

const placeIn = (after: string | null | undefined): number | undefined => {
  if (after == null) return undefined
  return after === 'START' ? 0 : placeOf(after, 'after')
}

/** What the account that asks is told. */
export async function followNotifications(ctx: UsersContext, { after }: { readonly after?: string | null }) {
  const { db, bus } = ctx
  const from = placeIn(after)
  const { id } = await findMe(ctx)
  const log = {
    newest: () => newestOf(db, id),
    read: async (position: number) =>
      (await findNext(db, id, position)).map((notification) => ({ notification, position: Number(notification.seq) })),
    listen: (wake: () => void) => bus.listen('users', id, wake),
  }
  return mapValues(await follow(log, { after: from }), ({ notification }): NotificationFrame => ({
    cursor: cursorOf(notification),
    notification,
  }))
}
