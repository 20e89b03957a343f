import { newId } from '@pasar/shared/ids'
import { afterTime, type Page } from '@pasar/shared/subgraph/page'
import type { AuditRow, Tx } from './database.ts'

/** Something that staff did. */
export type NewAuditEntry = Omit<AuditRow, 'id'>

export async function insertAuditEntries(tx: Tx, entries: readonly NewAuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  await tx.auditEntry.createMany({ data: entries.map((entry) => ({ ...entry, id: newId('audit') })) })
}

/** Which entries; all given conditions hold. */
export interface AuditConditions {
  readonly actorId?: string | undefined
  readonly subjectId?: string | undefined
  readonly action?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

const given = (conditions: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined))

/** Newest first; one more than asked for. */
export function findAuditEntries(db: Tx, { from, to, ...equal }: AuditConditions, page: Page): Promise<AuditRow[]> {
  const after = afterTime(page)
  const older = after && [{ OR: [{ occurredAt: { lt: after.time } }, { occurredAt: after.time, id: { lt: after.id } }] }]
  const where = { ...given({ ...equal }), occurredAt: given({ gte: from, lt: to }), ...(older && { AND: older }) }
  return db.auditEntry.findMany({ where, orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }], take: page.first + 1 })
}
