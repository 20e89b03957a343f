import { cursorOfThisList } from '@pasar/shared/expectations'
import { afterId, type Page } from '@pasar/shared/page'
import { BadInput } from '@pasar/shared/problems'
import type { Database } from './database.ts'
import type { Refund } from './refunds.ts'

/** One message of the provider, as people see it. */
export interface PaymentEventRow {
  readonly id: bigint
  readonly paymentId: string
  readonly providerStatus: string
  readonly statusCode: string
  readonly outcome: 'APPLIED' | 'SUPERSEDED' | 'DISPUTED'
  readonly receivedAt: Date
}

const events = `SELECT page.id, page.payment_id AS "paymentId", provider_status AS "providerStatus", status_code AS "statusCode", outcome, received_at AS "receivedAt"
  FROM unnest($1::text[]) AS wanted (payment_id) CROSS JOIN LATERAL
    (SELECT * FROM payment_event WHERE payment_event.payment_id = wanted.payment_id AND id > $2::bigint ORDER BY id LIMIT $3) AS page ORDER BY page.id`

/** The same page of each payment's messages, one more than it holds. */
export const findEventPages = (db: Database, paymentIds: readonly string[], page: Page) =>
  db.$queryRawUnsafe<PaymentEventRow[]>(events, paymentIds, positionIn(page, 0), page.first + 1)

/** Where a list by numbers goes on. A cursor is the client's text: what is not a number is refused before the database sees it. */
export function positionIn({ after }: Page, begin: number): number {
  const value = after?.[0] ?? begin
  if (!Number.isSafeInteger(value)) throw new BadInput('after', cursorOfThisList)
  return value as number
}

const refundPage = (
  key: 'order_id' | 'payment_id',
) => `SELECT page.id, page.order_id AS "orderId", page.payment_id AS "paymentId", buyer_id AS "buyerId", shop_id AS "shopId", amount, destination, state,
    attempts, created_at AS "createdAt", completed_at AS "completedAt"
  FROM unnest($1::text[]) AS wanted (id) CROSS JOIN LATERAL
    (SELECT * FROM refund WHERE refund.${key} = wanted.id AND id > $2 ORDER BY id LIMIT $3) AS page ORDER BY page.id`

/** The same page of each order's refunds, one more than it holds. */
export const findRefundPages = (db: Database, orderIds: readonly string[], page: Page) =>
  db.$queryRawUnsafe<Refund[]>(refundPage('order_id'), orderIds, afterId(page) ?? '', page.first + 1)

/** The same page of each payment's refunds, one more than it holds. */
export const findRefundPagesOfPayments = (db: Database, paymentIds: readonly string[], page: Page) =>
  db.$queryRawUnsafe<Refund[]>(refundPage('payment_id'), paymentIds, afterId(page) ?? '', page.first + 1)
