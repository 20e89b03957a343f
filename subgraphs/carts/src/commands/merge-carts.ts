import { runCommand } from '@pasar/shared/idempotency'
import { limits } from '@pasar/shared/limits'
import { isRefusal, problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/viewer'
import { ensureCart, hold, isOpen, type CartNotFound, type CartRefused, type HeldCart } from '../change-cart.ts'
import type { CartsContext } from '../context.ts'
import { endCart, findCartOf, lockCartRow, setAddress, type CartOwner, type CartRow } from '../store/carts.ts'
import type { Tx } from '../store/client.ts'
import { groupFor, setCourierService, findGroupsOfCarts } from '../store/groups.ts'
import { addLine, countLines, findLine, findLinesOfCarts, removeLines, setQuantity, type OwnedLine } from '../store/lines.ts'
import { hashCartToken } from '../token.ts'

interface MergeCartsSuccess {
  readonly __typename: 'MergeCartsSuccess'
  readonly cartId: string
  readonly leftOut: readonly string[]
}

interface MergeCartsInput {
  readonly cartToken: string
  readonly expectedVersion?: number | null
}

export function mergeCarts(ctx: CartsContext, { cartToken, expectedVersion = null }: MergeCartsInput) {
  const owner = { accountId: requireAccount(ctx.viewer).accountId }
  const tokenHash = hashCartToken(cartToken)
  ctx.loaders.clear()
  return runCommand<Tx, MergeCartsSuccess | CartRefused>(ctx.transaction, async (tx) => {
    const now = ctx.clock.now()
    // The guest cart is always taken first, so that two merges cannot wait for each other.
    const guest = await lockCartRow(tx, { tokenHash })
    if (!guest) return problem('CartNotFound', {})
    if (guest.mergedInto !== null) return repeated(tx, guest, owner)
    if (!isOpen(guest, now)) return problem('CartNotFound', {})
    await ensureCart(tx, owner, now)
    const cart = await hold(tx, { owner, expectedVersion, now })
    if (isRefusal(cart)) return cart as CartRefused
    const held = { tx, cart: cart as CartRow, now }
    await moveLines(held, guest)
    await endCart(tx, guest.id, held.cart.id)
    return success(tx, held.cart.id, guest)
  })
}

async function repeated(tx: Tx, guest: CartRow, owner: CartOwner): Promise<MergeCartsSuccess | CartNotFound> {
  const own = await findCartOf(tx, owner)
  return own?.id === guest.mergedInto ? success(tx, own.id, guest) : problem('CartNotFound', {})
}

/** What did not fit is what the ended guest cart still has. */
const success = async (tx: Tx, cartId: string, guest: CartRow): Promise<MergeCartsSuccess> => ({
  __typename: 'MergeCartsSuccess',
  cartId,
  leftOut: (await findLinesOfCarts(tx, [guest.id])).map(({ variantId }) => variantId),
})

async function moveLines(held: HeldCart, guest: CartRow): Promise<void> {
  const { tx, cart } = held
  const lines = await findLinesOfCarts(tx, [guest.id])
  let room = limits.cartLinesMax - (await countLines(tx, cart.id))
  const moved: string[] = []
  for (const line of lines) {
    const there = await findLine(tx, cart.id, line.variantId)
    if (!there && room <= 0) continue
    if (there) await setQuantity(tx, there.id, Math.min(there.quantity + line.quantity, limits.cartQuantityMax))
    else await moveLine(held, line)
    room -= there ? 0 : 1
    moved.push(line.id)
  }
  await keepChoices(held, guest)
  await removeLines(tx, guest.id, moved)
}

async function moveLine({ tx, cart, now }: HeldCart, line: OwnedLine): Promise<void> {
  const { shopId, variantId, quantity, seenPrice, seenAvailable, seenActive } = line
  const groupId = await groupFor(tx, { cartId: cart.id, shopId, now })
  const seen = { variantId, price: seenPrice, available: seenAvailable, active: seenActive }
  const id = await addLine(tx, { cartId: cart.id, groupId, listing: seen, quantity, now })
  if (!line.selected) await tx.cartLine.update({ where: { id }, data: { selected: false } })
}

/** The courier that the guest chose stays chosen where the account had not chosen one. */
async function keepChoices({ tx, cart }: HeldCart, guest: CartRow): Promise<void> {
  const [chosen, own] = [await findGroupsOfCarts(tx, [guest.id]), await findGroupsOfCarts(tx, [cart.id])]
  for (const { id, shopId, courierServiceId } of own) {
    const choice = chosen.find((group) => group.shopId === shopId)?.courierServiceId
    if (courierServiceId === null && choice != null)
      await setCourierService(tx, { id, cartId: cart.id, courierServiceId: choice })
  }
  if (cart.addressId === null && guest.addressId !== null) await setAddress(tx, cart.id, guest.addressId)
}
