import type { AccountViewer } from '@pasar/shared/viewer'
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

const goodsPerShop = 2
const buyersCount = 4

/** Fills an empty market: two shops with a few things each, and some buyers. */
export async function foundTown(world: World): Promise<Town> {
  const categoryId = await newCategory(world)
  const shelfOf = async (price: number) => {
    const shop = await newShop(world)
    const goods: Goods[] = []
    for (let index = 0; index < goodsPerShop; index++)
      goods.push(await putOnShelf(world, shop, { categoryId, price: price + index * 777, units: shelfUnits }))
    return goods
  }
  const shelves = [await shelfOf(35_000), await shelfOf(128_500)] as const
  const buyers: Buyer[] = []
  for (let index = 0; index < buyersCount; index++) buyers.push(await newBuyer(world))
  const staff = await newStaff(world, 'support')
  const admin = await newStaff(world, 'admin')
  await world.settle()
  return { world, categoryId, shelves, buyers, staff, admin }
}
