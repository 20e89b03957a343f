import { sum, type Minor } from '@pasar/shared/money'
import type { Order } from '../domain/order.ts'
import { itemsTotal, mostOffLines, type ShopPart } from '../domain/plan-orders.ts'
import { offerOf, unavailable, type VoucherUnavailable } from '../domain/voucher.ts'
import type { VoucherWish } from '../domain/voucher-terms.ts'
import type { Tx } from '../store/database.ts'
import { lockSaga } from '../store/sagas.ts'
import { addUses, holdVouchers, takeUsesAgain } from '../store/voucher-uses.ts'
import { findVouchersFor } from '../store/vouchers.ts'
import type { UsedVoucher } from './context.ts'
import { Refused, type Work } from './step.ts'

/** What a checkout's vouchers are to be used for. */
interface Asked {
  readonly wishes: readonly VoucherWish[]
  readonly buyerId: string
  readonly parts: readonly ShopPart[]
  readonly now: Date
}

type Judged = { readonly used: readonly UsedVoucher[] } | { readonly refusal: VoucherUnavailable }

/** What each voucher takes off the order of its shop; one that cannot be used refuses them all. */
async function judge(db: Tx, { wishes, buyerId, parts, now }: Asked): Promise<Judged> {
  if (wishes.length === 0) return { used: [] }
  const found = await findVouchersFor(
    db,
    wishes.map((wish) => ({ ...wish, buyerId })),
  )
  const used: UsedVoucher[] = []
  for (const wish of wishes) {
    const lines = parts.find(({ shopId }) => shopId === wish.shopId)?.lines
    if (!lines) return { refusal: unavailable(wish, 'NOT_FOR_THIS_CART') }
    const voucher = found.find(({ shopId, code }) => shopId === wish.shopId && code === wish.code)
    const offer = offerOf(wish, voucher, { items: itemsTotal(lines), now })
    if (offer.__typename !== 'VoucherOffer') return { refusal: offer }
    const most = mostOffLines(lines)
    const discount = offer.discount < most ? offer.discount : most
    if (discount === 0n) return { refusal: unavailable(wish, 'NOT_FOR_THIS_CART') }
    used.push({ ...wish, voucherId: offer.voucher.id, discount: Number(discount) })
  }
  return { used }
}

/** What a checkout's vouchers take off, by shop. Nothing is taken by asking, and nothing asked where the buyer named none. */
export const vouchersOf = ({ db, checkout, clock, saga }: Work, parts: readonly ShopPart[]): Promise<Judged> =>
  judge(db, { wishes: saga.context.vouchers ?? [], buyerId: checkout.buyerId, parts, now: clock.now() })

/** What they take off together. */
export const sumOf = (used: readonly UsedVoucher[]): Minor => sum(used.map(({ discount }) => BigInt(discount)))

/** What is taken off a shop's order. */
export const discountFor = (used: readonly UsedVoucher[], shopId: string): Minor =>
  sumOf(used.filter((one) => one.shopId === shopId))

/** Orders that each take a use of the voucher of their shop. */
interface Claim extends Asked {
  readonly used: readonly UsedVoucher[]
  readonly orders: readonly Pick<Order, 'id' | 'shopId'>[]
}

/** Takes the uses, in the transaction that places the orders; refuses the checkout where somebody else was quicker. */
export async function claimUses(tx: Tx, { used, orders, ...asked }: Claim): Promise<void> {
  // What is read before the vouchers are held may be old when they are.
  await holdVouchers(
    tx,
    used.map(({ voucherId }) => voucherId),
  )
  const judged = await judge(tx, asked)
  if ('refusal' in judged) throw new Refused(judged.refusal)
  await addUses(tx, {
    uses: used.map(({ shopId, voucherId }) => ({ voucherId, orderId: orders.find((order) => order.shopId === shopId)!.id })),
    buyerId: asked.buyerId,
    now: asked.now,
  })
}

/**
 * Takes the uses again that orders gave back when they ended, before their payment came after all; false where one of them is not to be had
 * any more. What is over meanwhile is no reason: the buyer had it in time.
 */
export const keepUses = async ({ saga, transaction }: Work): Promise<boolean> => {
  const { used = [], placed = [] } = saga.context
  if (used.length === 0) return true
  return transaction(async (tx) => {
    // Whoever was overtaken must not take what the one who came after has given back.
    if ((await lockSaga(tx, saga.checkoutId))?.fence !== saga.fence) return false
    await holdVouchers(
      tx,
      used.map(({ voucherId }) => voucherId),
    )
    return takeUsesAgain(
      tx,
      placed.map(({ orderId }) => orderId),
    )
  })
}
