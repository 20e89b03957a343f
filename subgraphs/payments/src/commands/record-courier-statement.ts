import { parseBoundedText } from '@pasar/shared/bounded-text'
import type { Clock } from '@pasar/shared/clock'
import { oneOf, rupiahAboveZero, someLines } from '@pasar/shared/expectations'
import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { newId } from '@pasar/shared/ids'
import { needReason, staffActed } from '@pasar/shared/subgraph/looks'
import { minorUnits, rupiah } from '@pasar/shared/money'
import { enqueue } from '@pasar/shared/events/outbox'
import { BadInput, problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { PaymentsContext } from '../context.ts'
import {
  netOf,
  readStatement,
  restKind,
  statementJournal,
  statementKinds,
  type ReadLine,
  type StatementLine,
} from '../domain/courier-statement.ts'
import type { RecordCourierStatementInput } from '../generated/resolvers.ts'
import { insertDue, lockOpenDues, settleDue, type CourierDue } from '../store/courier-dues.ts'
import {
  insertLines,
  insertStatement,
  rowOfLine,
  type CourierStatement,
  type WholeStatement,
} from '../store/courier-statements.ts'
import type { Tx } from '../store/database.ts'
import { postJournal } from '../store/ledger.ts'

const linesMax = 200
const textMax = 100

const text = (raw: string, field: string): string => parseBoundedText(raw, field, [1, textMax])

function parse({ courierId, reference, received, lines, note }: RecordCourierStatementInput) {
  if (lines.length < 1 || lines.length > linesMax) throw new BadInput('lines', someLines(linesMax))
  return {
    courierId: text(courierId, 'courierId'),
    reference: text(reference, 'reference'),
    received: minorUnits(received),
    note: needReason(note, 'note'),
    lines: lines.map(({ kind, trackingNumber, amount }) => {
      if (!statementKinds.includes(kind)) throw new BadInput('lines.kind', oneOf(statementKinds))
      if (amount <= 0n) throw new BadInput('lines.amount', rupiahAboveZero)
      return { kind, trackingNumber: text(trackingNumber, 'lines.trackingNumber'), amount: minorUnits(amount) }
    }),
  }
}

/**
 * A courier's statement, and the money that came with it, against what is due: what fits is settled, a rest stays open, and what nobody
 * knows of is due the other way round. Nothing of it is dropped.
 */
export function recordCourierStatement(ctx: PaymentsContext, input: RecordCourierStatementInput) {
  const { accountId } = requireAccount(ctx.viewer)
  const { note, lines, ...head } = parse(input)
  const key = parseIdempotencyKey(input.idempotencyKey)
  const attempt = { scope: 'recordCourierStatement', actor: accountId, key, input: { ...head, lines, note } }
  return runOnce(ctx, attempt, async (tx) => {
    const net = netOf(lines)
    if (net !== head.received) return problem('CourierStatementDoesNotAdd', { sum: rupiah(net) })
    const statement: CourierStatement = { ...head, id: newId('courierStatement'), recordedAt: ctx.clock.now() }
    if (!(await insertStatement(tx, statement, accountId))) return problem('CourierStatementKnown', { reference: head.reference })
    const read = await book(tx, ctx.clock, { statement, lines })
    const act = { action: 'courier.recordStatement', subjectId: statement.id, reason: note }
    await enqueue(tx, ctx.clock, staffActed(accountId, act))
    const whole: WholeStatement = { ...statement, lines: read.map(rowOfLine) }
    return { __typename: 'RecordCourierStatementSuccess', statement: whole } as const
  })
}

interface Told {
  readonly statement: CourierStatement
  readonly lines: readonly StatementLine[]
}

async function book(tx: Tx, clock: Clock, { statement, lines }: Told): Promise<ReadLine[]> {
  const { id, courierId } = statement
  const dues = await lockOpenDues(tx, courierId, [...new Set(lines.map(({ trackingNumber }) => trackingNumber))])
  const read = readStatement(lines, dues)
  await insertLines(tx, id, read.map(rowOfLine))
  await settleAll(tx, { dues, read, now: clock.now() })
  for (const [place, line] of read.entries()) await keepRest(tx, { statement, place, line })
  await postJournal(tx, clock, statementJournal({ id, courierId, lines: read }))
  return read
}

interface Matched {
  readonly dues: readonly CourierDue[]
  readonly read: readonly ReadLine[]
  readonly now: Date
}

async function settleAll(tx: Tx, { dues, read, now }: Matched): Promise<void> {
  const settles = read.flatMap((line) => line.settles)
  for (const due of dues) {
    const amount = settles.filter(({ dueId }) => dueId === due.id).reduce((total, one) => total + one.amount, 0n)
    if (amount > 0n) await settleDue(tx, due, { amount: minorUnits(amount), now })
  }
}

interface Rest {
  readonly statement: CourierStatement
  readonly place: number
  readonly line: ReadLine
}

async function keepRest(tx: Tx, { statement, place, line }: Rest): Promise<void> {
  const { kind, trackingNumber, rest: amount } = line
  if (amount === 0n) return
  const { id, courierId, recordedAt: arisenAt } = statement
  const due = { courierId, trackingNumber, amount, arisenAt, orderId: null, kind: restKind(kind) }
  await insertDue(tx, { ...due, id: newId('courierDue'), source: `${id}:${place}` })
}
