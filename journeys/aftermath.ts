import { newId } from '@pasar/shared/ids'
import { buy, click, fillCart, parcelOf, pay, scan } from './buying.ts'
import type { TestMarket } from './market.ts'
import { act, newBuyer, returning, type Person, type TestShop } from './people.ts'

/** An order as its people see it after the sale. */
export interface AfterSale {
  readonly state: string
  readonly endReason: string | null
  readonly refunded: { readonly amount: number }
  readonly lines: readonly { readonly id: string; readonly quantityLeft: number }[]
  readonly history: readonly { readonly event: string }[]
  readonly refunds: {
    readonly edges: readonly {
      readonly node: {
        readonly state: string
        readonly reason: string
        readonly amount: { readonly amount: number }
        readonly lines: readonly { readonly quantity: number; readonly amount: { readonly amount: number } }[]
      }
    }[]
  }
  readonly shipments: readonly {
    readonly id: string
    readonly direction: string
    readonly trackingNumber: string
    readonly courierClaim: { readonly amount: { readonly amount: number } } | null
  }[]
}

const query = `query AfterSale($id: ID!) { order(id: $id) { state endReason refunded { amount } lines { id quantityLeft } history { event }
  refunds { edges { node { state reason amount { amount } lines { quantity amount { amount } } } } }
  shipments { id direction trackingNumber courierClaim { amount { amount } } } } }`

const payment = `query OfPayment($id: ID!) { payment(id: $id) { refunds { edges { node { amount { amount } state } } } } }`

/** So many units of a shop's first goods, and how buying them differs from the usual. */
interface Units {
  readonly units: number
  readonly changes?: object
}

/** A paid order of so many units of a shop's first goods, and what its people do with it. */
export const boughtUnits = (test: TestMarket, shop: TestShop, units: number) => boughtWith(test, shop, { units })

/** The same, bought in another way. */
export async function boughtWith(test: TestMarket, shop: TestShop, { units, changes = {} }: Units) {
  const buyer = await newBuyer(test)
  const bought = await buy(test, buyer, click(await fillCart(buyer, [[shop.goods[0]!, units]]), changes))
  await pay(test, bought)
  const { id } = bought.orders[0]!
  let people: { buyer: Person; seller: Person } = { buyer, seller: shop.owner }
  const doIt = async (who: Person, field: string, input: object = {}) => {
    await act(who.client, field, {
      input: { orderId: id, idempotencyKey: newId('movement'), ...input },
      returns: 'order { state }',
    })
    await test.settle()
  }
  return {
    id,
    bought,
    get buyer() {
      return people.buyer
    },
    read: (as: Person = people.buyer) => as.client.ask<AfterSale>(query, { id }),
    refundsOfPayment: () => people.buyer.client.ask<{ refunds: AfterSale['refunds'] }>(payment, { id: bought.paymentId }),
    byBuyer: (field: string, input?: object) => doIt(people.buyer, field, input),
    bySeller: (field: string, input?: object) => doIt(people.seller, field, input),
    scan: (trackingNumber: string, ...words: readonly string[]) => scan(test, trackingNumber, words),
    /** The courier says this of the parcel to the buyer. */
    outbound: async (...words: readonly string[]) => scan(test, (await parcelOf(people.buyer, id)).trackingNumber, words),
    /** Lets time pass, after which everybody signs in again. */
    wait: async (milliseconds: number) => {
      test.clock.advance(milliseconds)
      await test.settle()
      people = { buyer: await returning(test, buyer), seller: await returning(test, shop.owner) }
    },
  }
}

export type Bought = Awaited<ReturnType<typeof boughtUnits>>
