import type { Id } from '@pasar/shared/ids'
import { sum, type Minor } from '@pasar/shared/money'
import type { LineOutcome, ReadLine, StatementLine } from '../domain/courier-statement.ts'
import type { Tx } from './database.ts'

/** What a courier said that it paid and kept. */
export interface CourierStatement {
  readonly id: Id<'courierStatement'>
  readonly courierId: string
  readonly reference: string
  readonly received: Minor
  readonly recordedAt: Date
}

/** One parcel of it, and what was found. */
export interface StatementLineRow extends StatementLine {
  readonly matched: Minor
  readonly outcome: LineOutcome
}

/** A statement with its lines. */
export interface WholeStatement extends CourierStatement {
  readonly lines: readonly StatementLineRow[]
}

/** The line as it is kept. */
export const rowOfLine = ({ kind, trackingNumber, amount, outcome, settles }: ReadLine): StatementLineRow => ({
  kind,
  trackingNumber,
  amount,
  outcome,
  matched: sum(settles.map((one) => one.amount)),
})

const add = `INSERT INTO courier_statement (id, courier_id, reference, received, recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (courier_id, reference) DO NOTHING`

/** Puts a statement down; false when the courier's number is taken. */
export async function insertStatement(
  tx: Tx,
  { id, courierId, reference, received, recordedAt }: CourierStatement,
  by: string,
): Promise<boolean> {
  return (await tx.$executeRawUnsafe(add, id, courierId, reference, received, by, recordedAt)) === 1
}

const addLines = `INSERT INTO courier_statement_line (statement_id, place, kind, tracking_number, amount, matched, outcome)
  SELECT $1, (place - 1)::integer, kind, tracking_number, amount, matched, outcome
  FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[])
    WITH ORDINALITY AS line (kind, tracking_number, amount, matched, outcome, place)`

/** Puts its lines down. */
export const insertLines = (tx: Tx, statementId: string, lines: readonly StatementLineRow[]) =>
  tx.$executeRawUnsafe(
    addLines,
    statementId,
    lines.map(({ kind }) => kind),
    lines.map(({ trackingNumber }) => trackingNumber),
    lines.map(({ amount }) => amount),
    lines.map(({ matched }) => matched),
    lines.map(({ outcome }) => outcome),
  )
