import { parseIdempotencyKey, runOnce } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { isRefusal, problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor, requireAccount } from '@pasar/shared/identity/viewer'
import type { OrdersContext } from '../context.ts'
import { stateOf } from '../domain/voucher.ts'
import type { EndVoucherInput } from '../generated/resolvers.ts'
import { lockVoucher, markEnded } from '../store/vouchers.ts'

const parseVoucherId = idParser('voucher')

/** Ends a voucher of one of the seller's shops before its time; one that has ended stays as it is. */
export async function endVoucher(context: OrdersContext, { idempotencyKey, ...input }: EndVoucherInput) {
  const { viewer, clock, loaders } = context
  const { accountId: actor } = requireAccount(viewer)
  const voucherId = parseVoucherId(input.voucherId, 'voucherId')
  const expectedVersion = input.expectedVersion ?? null
  const attempt = { scope: 'endVoucher', actor, key: parseIdempotencyKey(idempotencyKey), input: { voucherId, expectedVersion } }
  const outcome = await runOnce(context, attempt, async (tx) => {
    const voucher = await lockVoucher(tx, voucherId)
    if (!voucher || !actsFor(viewer, voucher.shopId)) return problem('VoucherNotFound', { voucherId })
    const stale = ifStale('StaleVoucher', voucher, expectedVersion)
    if (stale) return stale
    const now = clock.now()
    if (stateOf(voucher, now) !== 'ENDED') await markEnded(tx, voucherId, now)
    return { __typename: 'EndVoucherSuccess', voucherId } as const
  })
  if (isRefusal(outcome)) return outcome
  // A key may be older than its account's right to see the voucher.
  const voucher = await loaders.voucher.load(voucherId)
  return voucher && actsFor(viewer, voucher.shopId) ? outcome : problem('VoucherNotFound', { voucherId })
}
