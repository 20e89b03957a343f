import { runCommand } from '@pasar/shared/idempotency'
import { problem } from '@pasar/shared/problems'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { requireAccount } from '@pasar/shared/identity/viewer'
import { isOpen, whyNot, type CartNotFound, type CartRefused, type MergedCart } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { planMerge } from '../domain/merge.ts'
import type { MergeCartsInput } from '../generated/resolvers.ts'
import type { CartRow } from '../store/carts.ts'
import { findContentOf, findContents } from '../store/content.ts'
import { holdCarts, mergeInto, type Merge } from '../store/merge.ts'
import { hashCartToken } from '../token.ts'

interface MergeCartsSuccess extends MergedCart {
  readonly __typename: 'MergeCartsSuccess'
}

export function mergeCarts(ctx: CartsContext, { cartToken, expectedVersion = null }: MergeCartsInput) {
  const { accountId } = requireAccount(ctx.viewer)
  const tokenHash = hashCartToken(cartToken)
  return runCommand<SqlSeam, MergeCartsSuccess | CartRefused>(ctx.transaction, async (tx) => {
    const merge = { tokenHash, accountId, expectedVersion, now: ctx.clock.now() }
    const { guest, own } = await holdCarts(tx, merge)
    if (!guest) return problem('CartNotFound', {})
    if (guest.mergedInto !== null) return repeated(tx, guest, accountId)
    if (!isOpen(guest, merge.now)) return problem('CartNotFound', {})
    const refused = await whyNotInto(tx, own, merge)
    return refused ?? putTogether(tx, merge.now, { guest, own: own! })
  })
}

/** What did not fit is what the ended guest cart still has. */
async function repeated(tx: SqlSeam, guest: CartRow, accountId: string): Promise<MergeCartsSuccess | CartNotFound> {
  const own = await findContentOf(tx, { accountId })
  if (own?.cart.id !== guest.mergedInto) return problem('CartNotFound', {})
  const [left] = await findContents(tx, [guest.id])
  return success(
    own.cart.id,
    left!.lines.map(({ variantId }) => variantId),
  )
}

const success = (cartId: string, leftOut: readonly string[]) => ({ __typename: 'MergeCartsSuccess', cartId, leftOut }) as const

/** Why the own cart may not be changed, if so. One that is made for this has the version before it that every cart begins with. */
async function whyNotInto(tx: SqlSeam, own: CartRow | undefined, merge: Merge): Promise<CartRefused | undefined> {
  const { accountId, expectedVersion, now } = merge
  return own
    ? whyNot({ ...own, version: own.version - 1 }, now, expectedVersion)
    : whyNot((await findContentOf(tx, { accountId }))?.cart, now, expectedVersion)
}

async function putTogether(tx: SqlSeam, now: Date, { guest, own }: { guest: CartRow; own: CartRow }) {
  const contents = await findContents(tx, [guest.id, own.id])
  const contentOf = (id: string) => contents.find(({ cart }) => cart.id === id)!
  const plan = planMerge(contentOf(own.id), contentOf(guest.id))
  await mergeInto(tx, { guest, own, now }, plan)
  return success(own.id, plan.leftOut)
}
