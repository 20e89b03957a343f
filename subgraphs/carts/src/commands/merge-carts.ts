import { runCommand } from '@pasar/shared/idempotency'
import { isRefusal, problem } from '@pasar/shared/problems'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { requireAccount } from '@pasar/shared/identity/viewer'
import { isOpen, whyNot, type CartNotFound, type CartRefused, type MergedCart } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { planMerge } from '../domain/merge.ts'
import type { MergeCartsInput } from '../generated/resolvers.ts'
import { lockCart, type CartRow } from '../store/carts.ts'
import { findContentOf, findContents } from '../store/content.ts'
import { holdOwnCart, mergeInto } from '../store/merge.ts'
import { hashCartToken } from '../token.ts'

interface MergeCartsSuccess extends MergedCart {
  readonly __typename: 'MergeCartsSuccess'
}

/** Who merges, in which version of the own cart, and when. */
interface Merge {
  readonly accountId: string
  readonly expectedVersion: number | null
  readonly now: Date
}

export function mergeCarts(ctx: CartsContext, { cartToken, expectedVersion = null }: MergeCartsInput) {
  const { accountId } = requireAccount(ctx.viewer)
  const tokenHash = hashCartToken(cartToken)
  return runCommand<SqlSeam, MergeCartsSuccess | CartRefused>(ctx.transaction, async (tx) => {
    const merge = { accountId, expectedVersion, now: ctx.clock.now() }
    // The guest cart is always taken first, so that two merges cannot wait for each other.
    const guest = await lockCart(tx, { tokenHash })
    if (!guest) return problem('CartNotFound', {})
    if (guest.mergedInto !== null) return repeated(tx, guest, accountId)
    if (!isOpen(guest, merge.now)) return problem('CartNotFound', {})
    const own = await holdOwn(tx, merge)
    return isRefusal(own) ? (own as CartRefused) : putTogether(tx, merge.now, { guest, own: own as CartRow })
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

/** The own cart for a change, or why not. One that is made for this has the version before it that every cart begins with. */
async function holdOwn(tx: SqlSeam, merge: Merge): Promise<CartRow | CartRefused> {
  const { accountId, expectedVersion, now } = merge
  const own = await holdOwnCart(tx, merge)
  const refused = own
    ? whyNot({ ...own, version: own.version - 1 }, now, expectedVersion)
    : whyNot((await findContentOf(tx, { accountId }))?.cart, now, expectedVersion)
  return refused ?? own!
}

async function putTogether(tx: SqlSeam, now: Date, { guest, own }: { guest: CartRow; own: CartRow }) {
  const contents = await findContents(tx, [guest.id, own.id])
  const contentOf = (id: string) => contents.find(({ cart }) => cart.id === id)!
  const plan = planMerge(contentOf(own.id), contentOf(guest.id))
  await mergeInto(tx, { guest, own, now }, plan)
  return success(own.id, plan.leftOut)
}
