import { takesLong } from '@pasar/shared/postgres/silence'
import type { Db } from './database.ts'

/** A rule that the books keep at every moment, and the statement that finds what breaks it. */
const checks = {
  SUMS_TO_ZERO: `SELECT currency || ' ' || sum(amount) AS what FROM posting GROUP BY currency HAVING sum(amount) <> 0`,
  JOURNALS_BALANCE: `SELECT journal.id AS what FROM journal LEFT JOIN posting ON journal_id = journal.id
    GROUP BY journal.id HAVING coalesce(sum(amount), 1) <> 0`,
  BALANCES_FOLLOW_POSTINGS: `SELECT account.id AS what FROM account LEFT JOIN posting ON account_id = account.id WHERE NOT may_be_negative
    GROUP BY account.id HAVING balance <> coalesce(sum(amount), 0)`,
  NONE_NEGATIVE: `SELECT id AS what FROM account
    WHERE NOT may_be_negative AND CASE normal_side WHEN 'DEBIT' THEN balance < 0 ELSE balance > 0 END`,
  ESCROW_HOLDS_WHAT_IS_LEFT: `SELECT order_id AS what FROM payment_order LEFT JOIN account ON account.id = 'ESCROW:' || order_id
    WHERE -coalesce(balance, 0) <> CASE escrow WHEN 'HELD' THEN items_amount + shipping_amount - refunded_items - refunded_shipping ELSE 0 END`,
  REFUNDS_ARE_OWED: `SELECT account.id AS what FROM account
    WHERE kind = 'REFUND_PAYABLE' AND -balance <> (SELECT coalesce(sum(amount - disputed_amount), 0) FROM refund
      WHERE order_id = owner_id AND state = 'REQUESTED')`,
  DISPUTES_ARE_SETTLED_ONCE: `SELECT payment_id AS what FROM refund GROUP BY payment_id HAVING sum(disputed_amount) >
    (SELECT coalesce(sum(disputed_amount), 0) FROM payment_event WHERE payment_event.payment_id = refund.payment_id)`,
  REFUNDS_WITHIN_CAPTURED: `SELECT payment.id AS what FROM payment JOIN refund ON payment_id = payment.id
    GROUP BY payment.id HAVING captured_at IS NULL OR sum(refund.amount) > payment.amount`,
  CAPTURED_ONCE: `SELECT payment.id AS what FROM payment LEFT JOIN journal ON reference = 'capture:' || payment.id
    WHERE (captured_at IS NULL) <> (journal.id IS NULL)`,
  WITHDRAWALS_ARE_ON_THEIR_WAY: `SELECT withdrawal.id AS what FROM withdrawal LEFT JOIN account ON account.id = 'PAYOUT:' || withdrawal.id
    WHERE -coalesce(balance, 0) <> CASE WHEN state IN ('REQUESTED', 'SENT') THEN amount ELSE 0 END`,
  COURIER_DUES_ARE_BOOKED: `SELECT account.id AS what FROM account WHERE kind IN ('COURIER_DEBT', 'COURIER_PAYABLE') AND owner_id IS NOT NULL
    AND abs(balance) <> (SELECT coalesce(sum(amount - settled), 0) FROM courier_due WHERE courier_id = account.owner_id
      AND owed_by = CASE account.kind WHEN 'COURIER_DEBT' THEN 'COURIER' ELSE 'MARKET' END
      AND state IN ('OPEN', 'PARTLY_SETTLED'))`,
  DEBTS_ARE_PAID_FIRST: `SELECT debt.id AS what FROM account AS debt JOIN account AS shop ON shop.id = 'SELLER_BALANCE:' || debt.owner_id
    WHERE debt.kind = 'SELLER_RECEIVABLE' AND debt.balance > 0 AND shop.balance < 0`,
} as const satisfies Record<string, string>

/** A rule of the books. */
export type LedgerInvariant = keyof typeof checks

/** What was found of one rule. */
export interface InvariantCheck {
  readonly invariant: LedgerInvariant
  readonly holds: boolean
  readonly broken: number
  readonly example: string | null
}

const names = Object.keys(checks) as LedgerInvariant[]

/** In one statement, so that all rules are held against the same moment. */
export const checkStatement = takesLong(
  `${names
    .map(
      (name, place) =>
        `SELECT ${place} AS place, '${name}' AS invariant, count(*)::int AS broken, min(what) AS example FROM (${checks[name]}) AS found`,
    )
    .join(' UNION ALL ')} ORDER BY place`,
)

/** Holds the books against every rule. */
export const checkInvariants = async (db: Db): Promise<readonly InvariantCheck[]> => {
  const rows = await db.$queryRawUnsafe<Omit<InvariantCheck, 'holds'>[]>(checkStatement)
  return rows.map(({ invariant, broken, example }) => ({ invariant, broken, example, holds: broken === 0 }))
}
