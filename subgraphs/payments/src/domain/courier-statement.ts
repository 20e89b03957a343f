import { minorUnits, sum, type Minor } from '@pasar/shared/money'
import { bank } from './chart-of-accounts.ts'
import { accountOfDue, dueKinds, type DueKind, type DueState } from './courier-due.ts'
import { journal, transfer, type Journal, type Movement } from './journals.ts'

/** Dues that a courier's statement may name. */
export const statementKinds = ['COD', 'LOST_PARCEL', 'SHIPPING', 'RETURN_SHIPPING'] as const satisfies readonly DueKind[]

/** What a courier says that it pays, or keeps, for one parcel. */
export interface StatementLine {
  readonly kind: (typeof statementKinds)[number]
  readonly trackingNumber: string
  readonly amount: Minor
}

/** A due as far as a statement settles it. */
export interface OpenDue {
  readonly id: string
  readonly kind: DueKind
  readonly trackingNumber: string
  readonly amount: Minor
  readonly settled: Minor
}

/** What was found of one line. */
export type LineOutcome = 'MATCHED' | 'LESS' | 'MORE' | 'UNKNOWN'

/** A line with what it settles; the rest of it is nothing that the market knows of. */
export interface ReadLine extends StatementLine {
  readonly outcome: LineOutcome
  readonly settles: readonly { readonly dueId: string; readonly amount: Minor }[]
  readonly rest: Minor
}

const isOwedByCourier = (kind: DueKind): boolean => dueKinds[kind].owedBy === 'COURIER'

/** What comes to the market by a statement; negative where the market pays. */
export const netOf = (lines: readonly StatementLine[]): Minor =>
  sum(lines.map(({ kind, amount }) => (isOwedByCourier(kind) ? amount : minorUnits(0n - amount))))

/** Where a due stands of which so much is settled. */
export const stateOfDue = ({ amount, settled }: Pick<OpenDue, 'amount' | 'settled'>): DueState =>
  settled === 0n ? 'OPEN' : settled < amount ? 'PARTLY_SETTLED' : 'SETTLED'

function outcomeOf(line: StatementLine, { open, rest }: { readonly open: Minor; readonly rest: Minor }): LineOutcome {
  if (open === 0n) return 'UNKNOWN'
  if (rest > 0n) return 'MORE'
  return line.amount < open ? 'LESS' : 'MATCHED'
}

/** Reads a statement against what is open between the market and its courier: line by line, each rupiah of a due at most once. */
export function readStatement(lines: readonly StatementLine[], dues: readonly OpenDue[]): ReadLine[] {
  const left = new Map(dues.map(({ id, amount, settled }) => [id, minorUnits(amount - settled)]))
  return lines.map((line) => {
    const own = dues.filter(({ kind, trackingNumber }) => kind === line.kind && trackingNumber === line.trackingNumber)
    const open = sum(own.map(({ id }) => left.get(id)!))
    let rest = line.amount
    const settles = own.flatMap(({ id }) => {
      const there = left.get(id)!
      const amount = rest < there ? rest : there
      rest = minorUnits(rest - amount)
      left.set(id, minorUnits(there - amount))
      return amount > 0n ? [{ dueId: id, amount }] : []
    })
    return { ...line, settles, rest, outcome: outcomeOf(line, { open, rest }) }
  })
}

/** The due that the rest of a line makes: what a courier paid without our knowing why is owed to it, what it kept so is owed by it. */
export const restKind = (kind: DueKind): DueKind => (isOwedByCourier(kind) ? 'UNIDENTIFIED_PAYMENT' : 'UNIDENTIFIED_CHARGE')

/** A statement to book. */
export interface StatementToBook {
  readonly id: string
  readonly courierId: string
  readonly lines: readonly ReadLine[]
}

function movementsOf(courierId: string, { kind, settles, rest }: ReadLine): Movement[] {
  const purpose = 'STATEMENT'
  const account = accountOfDue(kind, courierId)
  const other = accountOfDue(restKind(kind), courierId)
  const amount = sum(settles.map((one) => one.amount))
  return isOwedByCourier(kind)
    ? [...transfer(bank, account, { amount, purpose }), ...transfer(bank, other, { amount: rest, purpose })]
    : [...transfer(account, bank, { amount, purpose }), ...transfer(other, bank, { amount: rest, purpose })]
}

/** What a courier paid and kept, against what was due. */
export const statementJournal = ({ id, courierId, lines }: StatementToBook): Journal =>
  journal(
    'COURIER_STATEMENT',
    `courier-statement:${id}`,
    lines.flatMap((line) => movementsOf(courierId, line)),
  )
