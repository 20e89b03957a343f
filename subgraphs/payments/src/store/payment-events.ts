import { listOfEach, type Order } from '@pasar/shared/subgraph/keyset'
import type { Page } from '@pasar/shared/subgraph/page'
import type { Db } from './database.ts'

/** One message of the provider, as people see it. */
export interface PaymentEventRow {
  readonly id: bigint
  readonly paymentId: string
  readonly providerStatus: string
  readonly statusCode: string
  readonly outcome: 'APPLIED' | 'SUPERSEDED' | 'DISPUTED'
  readonly receivedAt: Date
}

const columns = `id, payment_id AS "paymentId", provider_status AS "providerStatus", status_code AS "statusCode", outcome,
  received_at AS "receivedAt"`
const asTheyCame: Order = { columns: [{ sql: 'id', kind: 'whole' }], descending: false }

/** The same page of each payment's messages. */
export const findEventPages = (db: Db, paymentIds: readonly string[], page: Page) =>
  listOfEach<PaymentEventRow>(db, paymentIds, {
    columns,
    from: 'payment_event',
    where: 'payment_id = owner.id',
    order: asTheyCame,
    page,
  })
