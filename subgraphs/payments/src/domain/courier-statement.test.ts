import { minorUnits, sum } from '@pasar/shared/money'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueKinds } from './courier-due.ts'
import { netOf, readStatement, statementJournal, statementKinds, type OpenDue, type StatementLine } from './courier-statement.ts'

const line = (kind: StatementLine['kind'], trackingNumber: string, amount: number): StatementLine => ({
  kind,
  trackingNumber,
  amount: minorUnits(amount),
})
const due = (
  kind: OpenDue['kind'],
  trackingNumber: string,
  ...[amount, settled = 0]: [amount: number, settled?: number]
): OpenDue => ({
  id: `cdu_${kind}_${trackingNumber}_${amount}`,
  kind,
  trackingNumber,
  amount: minorUnits(amount),
  settled: minorUnits(settled),
})
const found = (lines: readonly StatementLine[], dues: readonly OpenDue[]) =>
  readStatement(lines, dues).map(({ outcome, rest }) => [outcome, rest])

describe('a line of a courier’s statement', () => {
  it('settles what is due for that parcel', () => {
    expect(found([line('COD', 'A', 100)], [due('COD', 'A', 100), due('SHIPPING', 'A', 9)])).toEqual([['MATCHED', 0n]])
  })
  it('that is less leaves the rest open, which a later one brings', () => {
    expect(found([line('COD', 'A', 60)], [due('COD', 'A', 100)])).toEqual([['LESS', 0n]])
    expect(found([line('COD', 'A', 40)], [due('COD', 'A', 100, 60)])).toEqual([['MATCHED', 0n]])
  })
  it('that is more, comes twice or is about nothing keeps what is not due apart', () => {
    const dues = [due('COD', 'A', 100)]
    expect(found([line('COD', 'A', 130)], dues)).toEqual([['MORE', 30n]])
    const twice = [line('COD', 'A', 100), line('COD', 'A', 100), line('COD', 'B', 5), line('SHIPPING', 'A', 5)]
    expect(found(twice, dues)).toEqual([['MATCHED', 0n], ['UNKNOWN', 100n], ['UNKNOWN', 5n], ['UNKNOWN', 5n]]) // prettier-ignore
  })
})

describe('any statement', () => {
  const names = fc.constantFrom('A', 'B', 'C')
  const amount = fc.integer({ min: 1, max: 500 })
  const lines = fc.array(fc.record({ kind: fc.constantFrom(...statementKinds), name: names, amount }), {
    minLength: 1,
    maxLength: 12,
  })
  const dues = fc.uniqueArray(fc.record({ kind: fc.constantFrom(...statementKinds), name: names, amount }), {
    selector: ({ kind, name }) => kind + name,
  })

  it('settles no due beyond itself, books every rupiah, and moves at the bank what came', () => {
    fc.assert(
      fc.property(lines, dues, (told, open) => {
        const wanted = told.map(({ kind, name, amount }) => line(kind, name, amount))
        const known = open.map(({ kind, name, amount }) => due(kind, name, amount))
        const read = readStatement(wanted, known)
        for (const { amount, settles, rest } of read) expect(sum([rest, ...settles.map((one) => one.amount)])).toBe(amount)
        for (const { id, amount } of known) {
          const settled = sum(read.flatMap(({ settles }) => settles.filter(({ dueId }) => dueId === id).map((one) => one.amount)))
          expect(settled <= amount).toBe(true)
        }
        const { movements } = statementJournal({ id: 'cst_1', courierId: 'jne', lines: read })
        const onBank = movements.filter(({ account }) => account.kind === 'BANK').map((one) => one.amount)
        expect([sum(movements.map((one) => one.amount)), sum(onBank)]).toEqual([0n, netOf(wanted)])
      }),
    )
  })

  it('knows of every kind who owes it', () => {
    expect(statementKinds.every((kind) => kind in dueKinds)).toBe(true)
  })
})
