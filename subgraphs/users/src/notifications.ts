import { cursorOfThisList } from '@pasar/shared/expectations'
import { paged } from '@pasar/shared/subgraph/keyset'
import { encodeCursor, parseCursor, parsePage, type PageArguments } from '@pasar/shared/subgraph/page'
import { BadInput } from '@pasar/shared/problems'
import type { UsersContext } from './context.ts'
import { noticeText } from './domain/notice-texts.ts'
import { findNotifications, type NotificationRow } from './store/notifications.ts'

/** A frame of the stream: its account is read when it is made. */
export interface NotificationFrame {
  readonly cursor: string
  readonly notification: NotificationRow
}

/** The place of a notification, in the list and on the stream. */
export const cursorOf = ({ seq }: Pick<NotificationRow, 'seq'>): string => encodeCursor([Number(seq)])

/** The number in a cursor; throws BadInput naming the field for any other text. */
export function placeOf(cursor: string, field: string): number {
  const [seq] = parseCursor(cursor, { field, length: 1 })
  if (!Number.isSafeInteger(seq)) throw new BadInput(field, cursorOfThisList)
  return seq as number
}

/** Which page, of all or of what is not read. */
export type NotificationArguments = PageArguments & { readonly unreadOnly?: boolean | null | undefined }

/** A page of an account's own notifications. */
export async function listNotifications(
  { db }: UsersContext,
  accountId: string,
  { unreadOnly, ...paging }: NotificationArguments,
) {
  const page = parsePage(paging, 1)
  return paged(await findNotifications(db, { accountId, unreadOnly: unreadOnly === true }, page), page)
}

/** What a notification says, with the name that its shop has now. */
export async function textOf({ kind, shopId }: NotificationRow, { loaders, locale }: UsersContext): Promise<string> {
  const shop = shopId === null ? null : await loaders.shopById.load(shopId)
  return noticeText(kind, shop?.name, locale)
}
