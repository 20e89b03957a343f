import type { EventPayloads, EventType, PasarEvent } from '@pasar/schema/events'
import type { Market, OrderView, Result } from './market.ts'

/** The order of the first shop of a paid scene: two units of 50,000 and shipping of 9,000. */
export async function oneOrder(market: Market) {
  const scene = await market.paidScene()
  const [id] = scene.orderIds
  const [seller] = scene.sellers
  const { buyer } = scene
  const view = async (): Promise<OrderView> => (await market.order(id, buyer))!
  const bySeller = (mutation: string, input: object = {}): Promise<Result> =>
    market.act(mutation, seller, { orderId: id, ...input })
  const byBuyer = (mutation: string, input: object = {}): Promise<Result> =>
    market.act(mutation, buyer, { orderId: id, ...input })
  const ship: (status: Parameters<Market['ship']>[1], way?: Parameters<Market['ship']>[2]) => Promise<void> = async (...said) =>
    market.ship(await view(), ...said)
  /** Everything that was told of this order, by type. */
  const told = async <T extends EventType>(type: T): Promise<EventPayloads[T][]> => {
    await market.settle()
    return market.published.flatMap((event: PasarEvent) =>
      event.type === type && event.aggregateId === id ? [event.payload as EventPayloads[T]] : [],
    )
  }
  const history = async () => (await view()).history.map(({ event, by }) => `${event} ${by}`)
  return { ...scene, id, seller, view, bySeller, byBuyer, ship, told, history }
}

export type OneOrder = Awaited<ReturnType<typeof oneOrder>>

/** The same order, delivered. */
export async function delivered(market: Market): Promise<OneOrder> {
  const order = await oneOrder(market)
  await order.bySeller('acceptOrder')
  await order.ship('DELIVERED')
  return order
}

/** What a buyer sends who wants to return some units. */
export const wish = async (order: OneOrder, change: object = {}) => ({
  reason: 'DAMAGED',
  solution: 'RETURN_AND_REFUND',
  lines: [{ orderLineId: (await order.view()).lines[0]!.id, quantity: 1 }],
  note: 'Tutupnya pecah',
  evidence: [{ url: 'https://example.com/pecah.jpg', altText: 'Tutup yang pecah' }],
  ...change,
})
