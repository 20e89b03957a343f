import { cursorOfThisList } from '@pasar/shared/expectations'
import { newId } from '@pasar/shared/ids'
import type { Page } from '@pasar/shared/page'
import { BadInput } from '@pasar/shared/problems'
import type { AuditRow, Tx } from './client.ts'

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

/** Entries that come after a cursor: older, or of the same time and with a smaller id. */
const afterCursor = ([time, id]: Page['after'] & object) => {
  const occurredAt = new Date(String(time))
  if (Number.isNaN(occurredAt.getTime())) throw new BadInput('after', cursorOfThisList)
  return { OR: [{ occurredAt: { lt: occurredAt } }, { occurredAt, id: { lt: String(id) } }] }
}

const given = (conditions: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined))

/** Newest first; one more than asked for. */
export function findAuditEntries(db: Tx, { from, to, ...equal }: AuditConditions, { first, after }: Page): Promise<AuditRow[]> {
  const where = { ...given({ ...equal }), occurredAt: given({ gte: from, lt: to }), ...(after && { AND: [afterCursor(after)] }) }
  return db.auditEntry.findMany({ where, orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }], take: first + 1 })
}
