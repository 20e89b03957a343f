import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { needReason, staffActed } from '@pasar/shared/subgraph/looks'
import { enqueue } from '@pasar/shared/events/outbox'
import { BadInput, problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { PaymentsContext } from '../context.ts'
import type { RuleFrom } from '../store/charge-rules.ts'
import type { Tx } from '../store/database.ts'

/** What every rule is given. */
export interface RuleInput {
  readonly validFrom?: Date | null
  readonly note: string
  readonly idempotencyKey: string
}

/** A rule to add. */
export interface RuleToAdd<T extends string, R extends object> {
  /** The mutation's name. */
  readonly scope: string
  readonly success: T
  readonly rule: R
  readonly kind: 'CommissionRule' | 'PaymentFeeRule' | 'ShopTaxRule'
  /** Adds it; its id, or undefined where one for the same begins at the same moment. */
  readonly insert: (tx: Tx, rule: R, from: RuleFrom) => Promise<string | undefined>
}

const basisPointsMax = 10_000

/** Hundredths of a per cent. */
export function parseBasisPoints(raw: number): number {
  if (raw < 0 || raw > basisPointsMax)
    throw new BadInput('basisPoints', { id: `0 sampai ${basisPointsMax}`, en: `0 to ${basisPointsMax}` })
  return raw
}

/**
 * Adds a rule by which sellers are charged, from now or a later moment on: payments that were asked for before keep what they are charged by. Rules are
 * never changed; a wrong one ends where a newer one begins.
 */
export function addRule<T extends string, R extends object>(
  ctx: PaymentsContext,
  input: RuleInput,
  { scope, success, rule, kind, insert }: RuleToAdd<T, R>,
) {
  const { accountId } = requireAccount(ctx.viewer)
  const note = needReason(input.note, 'note')
  const wished = input.validFrom ?? null
  const key = parseIdempotencyKey(input.idempotencyKey)
  return runOnce(ctx, { scope, actor: accountId, key, input: { rule, note, validFrom: wished } }, async (tx) => {
    const now = ctx.clock.now()
    const validFrom = wished ?? now
    if (validFrom < now) return problem('ChargeRuleInThePast', { now })
    const id = await insert(tx, rule, { validFrom, by: accountId })
    if (id === undefined) return problem('ChargeRuleExists', { validFrom })
    await enqueue(tx, ctx.clock, staffActed(accountId, { action: `charges.${scope}`, subjectId: id, reason: note }))
    return { __typename: success, rule: { __typename: kind, id, ...rule, validFrom } } as const
  })
}
