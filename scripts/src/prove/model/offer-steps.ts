import { newId } from '@pasar/shared/ids'
import { act, rowsOf } from '../world/acts.ts'
import { command, type Command } from './command.ts'
import { beginSale, endSale, saleOf, type Model } from './model.ts'
import { order, taken, type Real } from './real.ts'
import type { SaleLimits } from './sale.ts'
import type { VoucherTerms } from './voucher.ts'

const hour = 3_600_000
const vouchersMax = 4

/** In so many hours from now. */
const inHours = ({ now }: Model, hours: number) => now + hours * hour
const timeOf = (at: number) => new Date(at).toISOString()

/** The shop of a thing makes a voucher for so many hours. */
export const voucherStep = (good: number, { hours, ...terms }: VoucherTerms & { readonly hours: number }): Command =>
  command({
    name: `createVoucher(${good}, ${JSON.stringify(terms)}, ${hours} h)`,
    check: ({ vouchers }) => vouchers.length < vouchersMax,
    run: async (model, real) => {
      const { shopId, owner } = real.goods[good]!.shop
      const code = `K${newId('voucher').slice(-12).toUpperCase()}`
      const endsAt = inHours(model, hours)
      const { takesOff, ...limits } = terms
      const input = { shopId, code, ...takesOff, ...limits, endsAt: timeOf(endsAt), idempotencyKey: newId('movement') }
      await order(real, owner, ['createVoucher', input])
      real.vouchers.push({ shopId, code })
      model.vouchers.push({ good, ...terms, endsAt })
    },
  })

const idOfVoucher = async ({ world, vouchers }: Real, index: number): Promise<string> => {
  const { shopId, code } = vouchers[index]!
  const sql = 'SELECT id FROM voucher WHERE shop_id = $1 AND code = $2'
  return (await rowsOf<{ id: string }>(world, 'orders', { sql, values: [shopId, code] }))[0]!.id
}

/** Which vouchers run, by their places in the list. */
const running = ({ vouchers, now }: Model) => vouchers.flatMap(({ endsAt }, index) => (endsAt > now ? [index] : []))

/** A shop ends the n-th voucher that runs. */
export const endVoucherStep = (nth: number): Command =>
  command({
    name: `endVoucher(${nth})`,
    check: (model) => running(model).length > 0,
    run: async (model, real) => {
      const ones = running(model)
      const index = ones[nth % ones.length]!
      const voucher = model.vouchers[index]!
      const input = { voucherId: await idOfVoucher(real, index), idempotencyKey: newId('movement') }
      await order(real, real.goods[voucher.good]!.shop.owner, ['endVoucher', input])
      voucher.endsAt = model.now
      return `endVoucher(voucher ${index})`
    },
  })

/** How much is left of the price, and for how long. */
interface SaleTerms extends SaleLimits {
  readonly percent: number
  readonly hours: number
}

const orNone = (units: number) => (Number.isFinite(units) ? units : null)

/** A thing costs less from now on. */
export const saleStep = (good: number, { percent, hours, ...limits }: SaleTerms): Command =>
  command({
    name: `scheduleFlashSale(${good}, ${percent} %, ${limits.units} units, ${limits.unitsPerBuyer} each, ${hours} h)`,
    check: (model) => saleOf(model, good) === undefined,
    run: async (model, real) => {
      const { variantId, shop } = real.goods[good]!
      const price = Math.floor((model.goods[good]!.price * percent) / 100)
      const endsAt = inHours(model, hours)
      const [units, unitsPerBuyer] = [orNone(limits.units), orNone(limits.unitsPerBuyer)]
      const input = { variantId, price, endsAt: timeOf(endsAt), units, unitsPerBuyer }
      const came = await real.insist(() =>
        act(real.world, { domain: 'products', field: 'scheduleFlashSale', as: shop.owner, input }),
      )
      // Said again after a lost answer, it is told of the one that is there.
      if (came.code !== undefined && came.__typename !== 'FlashSaleOverlaps')
        throw new Error(`scheduleFlashSale came to ${came.__typename}`)
      beginSale(model, { good, endsAt, ...limits }, price)
    },
  })

/** The flash sale that runs of a thing is called off. */
export const cancelSaleStep = (good: number): Command =>
  command({
    name: `cancelFlashSale(${good})`,
    check: (model) => saleOf(model, good) !== undefined,
    run: async (model, real) => {
      const { variantId, shop } = real.goods[good]!
      const sql = `SELECT id FROM flash_sale WHERE variant_id = $1 AND state = 'RUNNING'`
      const [row] = await rowsOf<{ id: string }>(real.world, 'products', { sql, values: [variantId] })
      await taken(real, { domain: 'products', field: 'cancelFlashSale', as: shop.owner, input: { flashSaleId: row!.id } })
      endSale(model, saleOf(model, good)!, 'CANCELLED')
    },
  })
