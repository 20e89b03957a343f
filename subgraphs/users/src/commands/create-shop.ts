import type { Clock } from '@pasar/shared/clock'
import { newId, type Id } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { enqueue, type NewEvent } from '@pasar/shared/events/outbox'
import { problem, type Problem } from '@pasar/shared/problems'
import type { UsersDeps } from '../context.ts'
import { parseShopProfile, parseSlug, type ShopProfile } from '../domain/shop.ts'
import { takeShopPlace } from '../store/accounts.ts'
import type { Tx } from '../store/database.ts'
import { findShops, insertShop } from '../store/shops.ts'

/** A shop that does not exist yet. */
export interface NewShop extends ShopProfile {
  readonly id: Id<'shop'>
  readonly ownerId: Id<'account'>
  readonly slug: string
}

/** Why a shop cannot be opened. */
export type ShopRefused = Problem<'ShopSlugTaken', { slug: string }> | Problem<'TooManyShops', { max: number }>

/** The event of a new shop. */
export const shopOpened = ({ id: shopId, ownerId, name, regencyCode }: NewShop): NewEvent => ({
  type: 'ShopOpened',
  aggregateId: shopId,
  keys: [ownerId],
  payload: { shopId, ownerId, name, regencyCode },
})

/** Puts a shop down and tells the market. */
export async function putShop(tx: Tx, clock: Clock, shop: NewShop): Promise<ShopRefused | undefined> {
  const { ownerId, slug } = shop
  if (!(await takeShopPlace(tx, ownerId))) return problem('TooManyShops', { max: limits.shopsPerAccountMax })
  if (!(await insertShop(tx, { ...shop, createdAt: clock.now() }))) return problem('ShopSlugTaken', { slug })
  await enqueue(tx, clock, shopOpened(shop))
  return undefined
}

/** A shop that is made by something else than the graph. */
export type ShopSeed = Omit<NewShop, 'id' | 'description'> & { readonly id?: Id<'shop'>; readonly description?: string }

/** For proofs and journeys, not in the graph: makes a shop, or finds the one with this id. */
export async function createShop(
  { db, transaction, clock }: UsersDeps,
  { id = newId('shop'), description = '', ...seed }: ShopSeed,
): Promise<Id<'shop'>> {
  if ((await findShops(db, [id])).length > 0) return id
  const { name, regencyCode } = seed
  const profile = parseShopProfile({ name, description, regencyCode })
  if ('code' in profile) throw new Error(`${seed.slug}: there is no regency ${regencyCode}`)
  await transaction(async (tx) => {
    const refused = await putShop(tx, clock, { id, ownerId: seed.ownerId, slug: parseSlug(seed.slug), ...profile })
    if (refused) throw new Error(`${seed.slug}: ${refused.code}`)
  })
  return id
}
