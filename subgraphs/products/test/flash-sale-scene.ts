import { newId } from '@pasar/shared/ids'
import { expect } from 'vitest'
import { act, checkoutId, makeProduct, makeShop, read, reserveSelection, startMarket, text, variantInput } from './support.ts'

export const hour = 3_600_000
/** What things cost without their flash sale, and in it. */
export const [regular, cheap] = [100_000, 75_000]

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
export const one = (variantId: string, quantity = 1) => ({ variantId, quantity })

/** How a sale refuses somebody for whom it has so many left. */
export const onlyLeft = (variantId: string, available: number) => ({
  __typename: 'ProductsFlashSaleLimited',
  code: 'PRODUCTS_FLASH_SALE_LIMITED',
  lines: [{ variantId, available }],
})

/** Who wants to reserve what. */
export interface Wish {
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[]
  readonly buyerId?: string | null
  readonly id?: string
  readonly insteadOf?: string
}

/** What a checkout was answered. */
export type Answer = Record<string, unknown>

export const isReserved = (answer: Answer): boolean => answer['__typename'] === 'ProductsReserved'

/** Prices of one variant in a reservation. */
export const pricesOf = (answer: Answer, of: string): number[] =>
  (answer['lines'] as { variantId: string; unitPrice: number }[])
    .filter(({ variantId }) => variantId === of)
    .map(({ unitPrice }) => unitPrice)

/** A shop whose things are sold in flash sales with limits. */
export async function openSaleScene() {
  const market = await startMarket()
  const shop = await makeShop(market)
  const fromNow = (hours: number) => new Date(market.clock.now().getTime() + hours * hour).toISOString()
  const rows = async (sql: string, ...values: unknown[]) =>
    (await market.database.query<Record<string, unknown>>(sql, values)).rows
  return {
    market,
    shop,
    rows,
    /** A thing on sale at the regular price, with a hundred on the shelf. */
    goods: async (mode: 'COUNTER' | 'UNITS' = 'COUNTER'): Promise<string> => {
      const variants = [variantInput({ price: regular })]
      return (await makeProduct(market, shop, { variants, units: 100, mode })).variantIds[0]!
    },
    /** Begins a flash sale of two hours. */
    startSale: async (variantId: string, limits: { units?: number; unitsPerBuyer?: number }): Promise<string> => {
      const input = { variantId, price: cheap, endsAt: fromNow(2), ...limits }
      const selection = '... on ScheduleFlashSaleSuccess { flashSale { id units unitsPerBuyer remaining } }'
      const scheduled = await act(market, shop.seller, ['scheduleFlashSale', input, selection])
      const { units = null, unitsPerBuyer = null } = limits
      expect(scheduled).toMatchObject({ flashSale: { units, unitsPerBuyer, remaining: units } })
      await market.settle()
      return text(scheduled, 'flashSale', 'id')
    },
    /** Reserves for a buyer, as the checkout saga does, for an hour. */
    buy: ({ lines, buyerId = newId('account'), id = checkoutId(), insteadOf }: Wish): Promise<Answer> => {
      const input = { checkoutId: id, buyerId, lines, expiresAt: fromNow(1), ...(insteadOf && { insteadOf }) }
      return act(market, 'orders', ['productsReserve', input, reserveSelection])
    },
    /** What everybody sees of a variant. */
    shelf: async (id: string) => {
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Variant { price { amount } available flashSale { remaining } } } }`
      const data = await read(market, query, { variables: { r: [{ __typename: 'Variant', id }] } })
      const { price, available, flashSale } = (data['_entities'] as unknown[])[0] as {
        price: { amount: number }
        available: number
        flashSale: { remaining: number | null } | null
      }
      return { price: price.amount, available, remaining: flashSale?.remaining }
    },
    countsOf: async (saleId: string) => (await rows(`SELECT state, taken, sold FROM flash_sale WHERE id = $1`, saleId))[0],
    pass: async (hours: number) => {
      market.clock.advance(hours * hour)
      await market.settle()
    },
  }
}
