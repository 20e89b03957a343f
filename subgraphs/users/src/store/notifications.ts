import { pageSql, Values, type Order, type Placed } from '@pasar/shared/subgraph/keyset'
import { limits } from '@pasar/shared/limits'
import type { Page } from '@pasar/shared/subgraph/page'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import type { Send, Statement } from '@pasar/shared/postgres/statement'
import type { Notice, NoticeKind } from '../domain/notices.ts'

/** A notification as it is kept. */
export interface NotificationRow {
  readonly accountId: string
  readonly seq: bigint
  readonly kind: NoticeKind
  readonly subjectId: string
  readonly shopId: string | null
  readonly occurredAt: Date
  readonly isRead: boolean
}

/** An event as the inbox remembers it, and what is told of it. */
export interface Telling extends Notice {
  readonly consumer: string
  readonly eventId: string
  readonly occurredAt: string
  readonly at: Date
}

/**
 * One row for each account that is here, however often the event comes; whoever is both the buyer and of the shop is told as the buyer. Boxes
 * are taken in the order of their accounts, so that two events never wait for each other.
 */
const tell: Statement = {
  name: 'users_tell',
  text: `WITH heard AS (
      INSERT INTO inbox_event (consumer, event_id, received_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING event_id),
    reader (account_id, kind, place) AS (
      SELECT $4::text, $5::text, 0 FROM heard
      UNION ALL SELECT owner_id, $7::text, 1 FROM heard JOIN shop ON shop.id = $6::text
      UNION ALL SELECT account_id, $7::text, 1 FROM heard JOIN shop_member ON shop_id = $6::text),
    told AS (
      SELECT DISTINCT ON (account.id) account.id AS account_id, kind FROM reader JOIN account ON account.id = account_id
      WHERE kind IS NOT NULL ORDER BY account.id, place),
    box AS (
      INSERT INTO notification_box (account_id, newest, read_to) SELECT account_id, 1, 0 FROM told ORDER BY account_id
      ON CONFLICT (account_id) DO UPDATE SET newest = notification_box.newest + 1 RETURNING account_id, newest)
    INSERT INTO notification (account_id, seq, kind, subject_id, shop_id, occurred_at)
    SELECT account_id, newest, kind, $8::text, $6::text, $9::timestamptz FROM box JOIN told USING (account_id)
    RETURNING account_id AS "accountId"`,
  writes: true,
}

/** Tells all whom an event concerns, at most once; gives their accounts. */
export async function tellOf(send: Send, telling: Telling): Promise<string[]> {
  const { consumer, eventId, at, buyerId = null, toBuyer = null, shopId = null, toShop = null } = telling
  const { subjectId, occurredAt } = telling
  const values = [consumer, eventId, at, buyerId, toBuyer, shopId, toShop, subjectId, occurredAt]
  return (await send<{ accountId: string }>(tell, ...values)).map(({ accountId }) => accountId)
}

/** Up to where an account has read, for a statement that has the account as a value: found once, before the rows. */
const readTo = (account: string) => `coalesce((SELECT read_to FROM notification_box WHERE account_id = ${account}), 0)`

const columnsFor = (account: string) => `account_id AS "accountId", seq, kind, subject_id AS "subjectId", shop_id AS "shopId",
  occurred_at AS "occurredAt", seq <= ${readTo(account)} AS "isRead"`

const newestFirst: Order = { columns: [{ sql: 'seq', kind: 'whole' }], descending: true }

/** Whose, and which. */
export interface Wanted {
  readonly accountId: string
  readonly unreadOnly: boolean
}

/** Newest first; one more than asked for. */
export function findNotifications(
  db: SqlSeam,
  { accountId, unreadOnly }: Wanted,
  page: Page,
): Promise<Placed<NotificationRow>[]> {
  const values = new Values()
  const account = values.add(accountId, 'text')
  const where = `account_id = ${account}${unreadOnly ? ` AND seq > ${readTo(account)}` : ''}`
  const list = { columns: columnsFor(account), from: 'notification', where, order: newestFirst, page }
  return db.$queryRawUnsafe(pageSql(list, values), ...values.list)
}

const next = `SELECT ${columnsFor('$1')} FROM notification WHERE account_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`

/** The first ones behind a number. */
export const findNext = (db: SqlSeam, accountId: string, after: number): Promise<NotificationRow[]> =>
  db.$queryRawUnsafe(next, accountId, after, limits.liveBatchMax)

const newest = `SELECT newest FROM notification_box WHERE account_id = $1`

/** The number of the newest one. */
export async function newestOf(db: SqlSeam, accountId: string): Promise<number> {
  const [box] = await db.$queryRawUnsafe<{ newest: bigint }[]>(newest, accountId)
  return Number(box?.newest ?? 0)
}

const unread = `SELECT count(*)::integer AS count FROM (
  SELECT 1 FROM notification WHERE account_id = $1 AND seq > ${readTo('$1')} LIMIT $2) AS counted`

/** How many are not read, as far as they are counted. */
export async function countUnread(db: SqlSeam, accountId: string): Promise<number> {
  const [row] = await db.$queryRawUnsafe<{ count: number }[]>(unread, accountId, limits.notificationsCountedMax)
  return row!.count
}

const read = `UPDATE notification_box SET read_to = least(newest, $2) WHERE account_id = $1 AND read_to < least(newest, $2)`

/** Notes up to which number they are read; nothing becomes unread. */
export const markRead = (db: SqlSeam, accountId: string, upTo: number): Promise<number> =>
  db.$executeRawUnsafe(read, accountId, upTo)
