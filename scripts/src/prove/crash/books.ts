import { chart, type AccountKind } from '@pasar/payments/domain/chart-of-accounts'
import type { Broken } from '../invariants/broken.ts'
import { rowsOf } from '../world/acts.ts'
import type { World } from '../world/world.ts'

/** Sums of the ledger by kind of account, debits positive. */
export type Books = Readonly<Partial<Record<AccountKind, number>>>

/** What market, state and sellers make of a sale depends on rules and rounding: together it is the rest, for a ledger sums to nothing. */
const earnings: readonly AccountKind[] = [
  'SELLER_BALANCE',
  'SELLER_RECEIVABLE',
  'COMMISSION',
  'PAYMENT_FEE',
  'VAT_PAYABLE',
  'INCOME_TAX_PAYABLE',
]

const looked = (Object.keys(chart) as AccountKind[]).filter((kind) => !earnings.includes(kind))

/** What stands on all accounts of a kind. */
export async function readBooks(world: World): Promise<Books> {
  const rows = await rowsOf<{ kind: AccountKind; amount: number }>(world, 'payments', {
    sql: 'SELECT a.kind, sum(p.amount)::float8 AS amount FROM posting p JOIN account a ON a.id = p.account_id GROUP BY a.kind',
  })
  return Object.fromEntries(rows.map(({ kind, amount }) => [kind, amount]))
}

/** Where a story has brought something else onto the accounts than it must have. Pure. */
export const contradictionsOfBooks = (before: Books, after: Books, must: Books): Broken[] =>
  looked.flatMap((kind) => {
    const gained = (after[kind] ?? 0) - (before[kind] ?? 0)
    const wanted = must[kind] ?? 0
    return gained === wanted ? [] : [{ invariant: 'I3', what: `${kind} gained ${gained}, not ${wanted}` }]
  })
