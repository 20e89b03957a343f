import { newId } from '@pasar/shared/ids'
import { act } from '../world/acts.ts'
import { addToCart as add } from '../world/shopping.ts'
import { command, type Command } from './command.ts'
import { addToCart, changePrice, changeQuantity, changeStock, saleOf } from './model.ts'
import { lineOf, placesOf, taken } from './real.ts'

export const addStep = (good: number, units: number): Command =>
  command({
    name: `addToCart(${good}, ${units})`,
    run: async (model, real) => {
      const came = await real.calmly(() => add(real.world, real.buyer, [real.goods[good]!, units]))
      await real.settle()
      const fits = addToCart(model, good, units)
      if (fits !== (came.code === undefined)) throw new Error(`addToCart came to ${came.__typename}`)
    },
  })

/** Another number of units of what is in the cart, or none. */
export const quantityStep = (good: number, units: number): Command =>
  command({
    name: units === 0 ? `removeLine(${good})` : `changeQuantity(${good}, ${units})`,
    check: ({ cart }) => cart.has(good),
    run: async (model, real) => {
      const line = { lineId: await lineOf(real, good) }
      const [field, input] = units === 0 ? ['removeLine', line] : ['changeQuantity', { ...line, quantity: units }]
      const came = await real.calmly(() => act(real.world, { domain: 'carts', field, as: real.buyer.viewer, input }))
      const fits = units === 0 ? model.cart.delete(good) : changeQuantity(model, good, units)
      if (fits !== (came.code === undefined)) throw new Error(`${field} came to ${came.__typename}`)
    },
  })

/** Another price; while a flash sale runs there is none. */
export const priceStep = (good: number, price: number): Command =>
  command({
    name: `changePrice(${good}, ${price})`,
    run: async (model, real) => {
      const { variantId, shop } = real.goods[good]!
      const came = await real.insist(() =>
        act(real.world, { domain: 'products', field: 'changeVariant', as: shop.owner, input: { variantId, price } }),
      )
      const wanted = saleOf(model, good) ? 'FlashSaleRunning' : 'ChangeVariantSuccess'
      if (came.__typename !== wanted) throw new Error(`changeVariant came to ${came.__typename}`)
      if (!saleOf(model, good)) changePrice(model, good, price)
    },
  })

/** Units come to where fewest lie, or go from where most lie: as many as nobody has bought. */
export const stockStep = (good: number, change: number): Command =>
  command({
    name: `adjustStock(${good}, ${change})`,
    check: ({ goods }) => change > 0 || goods[good]!.free > 0,
    run: async (model, real) => {
      const { variantId, shop } = real.goods[good]!
      const places = await placesOf(real, good)
      const { warehouseId, free } = places.at(change > 0 ? -1 : 0)!
      const delta = Math.max(change, -free)
      const input = { variantId, warehouseId, delta, reason: 'CORRECTED', idempotencyKey: newId('movement') }
      await taken(real, { domain: 'products', field: 'adjustStock', as: shop.owner, input })
      changeStock(model, good, delta)
      return `adjustStock(${good}, ${delta})`
    },
  })

/** How stock is taken changes nothing that anybody sees. */
export const modeStep = (good: number, mode: 'UNITS' | 'COUNTER'): Command =>
  command({
    name: `changeStockMode(${good}, ${mode})`,
    run: async (_, real) => {
      const { variantId, shop } = real.goods[good]!
      await taken(real, { domain: 'products', field: 'changeStockMode', as: shop.owner, input: { variantId, mode } })
    },
  })
