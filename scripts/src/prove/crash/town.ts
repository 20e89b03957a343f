import { newId } from '@pasar/shared/ids'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { mustAct } from '../world/acts.ts'
import { newBuyer, newCategory, newShop, newStaff, putOnShelf, type Buyer, type Goods } from '../world/people.ts'
import type { World } from '../world/world.ts'

/** Who and what is there before any story begins. */
export interface Town {
  readonly world: World
  readonly categoryId: string
  /** Things of each of two shops. */
  readonly shelves: readonly [readonly Goods[], readonly Goods[]]
  readonly buyers: readonly Buyer[]
  /** Decides between buyers and sellers. */
  readonly staff: AccountViewer
  /** Keeps the books with couriers. */
  readonly admin: AccountViewer
}

/** Units on each shelf when a story begins. */
export const shelfUnits = 100_000

const buyersCount = 4

/** Fills an empty market: two shops with a thing in each of two categories, and some buyers. */
export async function foundTown(world: World): Promise<Town> {
  const drinks = await newCategory(world, { name: 'Minuman' })
  const categoryId = await newCategory(world, { name: 'Kopi', parentId: drinks })
  const categoryIds = [categoryId, await newCategory(world, { name: 'Cangkir' })]
  const shelfOf = async (price: number) => {
    const shop = await newShop(world)
    const goods: Goods[] = []
    for (const [index, each] of categoryIds.entries())
      goods.push(await putOnShelf(world, shop, { categoryId: each, price: price + index * 777, units: shelfUnits }))
    return goods
  }
  const shelves = [await shelfOf(35_000), await shelfOf(128_500)] as const
  const buyers: Buyer[] = []
  for (let index = 0; index < buyersCount; index++) buyers.push(await newBuyer(world))
  const staff = await newStaff(world, 'support')
  const admin = await newStaff(world, 'admin')
  await setRules(world, admin, { drinks, coffee: categoryId, shopId: shelves[1][0]!.shop.shopId })
  await world.settle()
  return { world, categoryId, shelves, buyers, staff, admin }
}

/**
 * What sellers are charged: of drinks more than of other things, of coffee not as much; of one shop less, of its drinks something else again,
 * its coffee among them; and that shop's prices contain PPN. Ways to pay have a fixed part, a share, or both.
 */
async function setRules(
  world: World,
  as: AccountViewer,
  { drinks, coffee, shopId }: { readonly drinks: string; readonly coffee: string; readonly shopId: string },
): Promise<void> {
  const say = (field: string, rule: object) =>
    mustAct(world, { domain: 'payments', field, as, input: { ...rule, note: 'Tarif kota.', idempotencyKey: newId('movement') } })
  await say('addCommissionRule', { categoryId: drinks, basisPoints: 650 })
  await say('addCommissionRule', { categoryId: coffee, basisPoints: 575 })
  await say('addCommissionRule', { shopId, basisPoints: 325 })
  await say('addCommissionRule', { shopId, categoryId: drinks, basisPoints: 475 })
  await say('addPaymentFeeRule', { method: 'BCA_VA', fixedAmount: 4_000, basisPoints: 15 })
  await say('addPaymentFeeRule', { method: 'COD', fixedAmount: 1_500, basisPoints: 0 })
  await say('addPaymentFeeRule', { method: 'WALLET', fixedAmount: 0, basisPoints: 33 })
  await say('addShopTaxRule', { shopId, incomeTaxExempt: false, vatRegistered: true })
}
