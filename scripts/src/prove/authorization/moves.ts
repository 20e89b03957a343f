import type { Who, Question } from './others.ts'
import type { Belongings } from './read-belongings.ts'

interface Move {
  /** Who may; the first of them makes it. */
  readonly by: readonly Who[]
  /** What it says beside whose doing it is. */
  readonly input: (about: Belongings) => object
}

const ofOrder = ({ orderId }: Belongings) => ({ orderId })
const note = 'Begini ceritanya.'
const ofBuyer: readonly Who[] = ['buyer']
const ofShop: readonly Who[] = ['helper', 'seller']

const moves = {
  cancelCheckout: { by: ofBuyer, input: ({ checkoutId }) => ({ checkoutId }) },
  rejectOrder: { by: ofShop, input: (about) => ({ ...ofOrder(about), reason: 'OUT_OF_STOCK' }) },
  cancelOrder: { by: ofBuyer, input: ofOrder },
  acceptOrder: { by: ofShop, input: ofOrder },
  requestCancel: { by: ofBuyer, input: ofOrder },
  answerCancelRequest: { by: ofShop, input: (about) => ({ ...ofOrder(about), grant: false, note }) },
  requestPickup: { by: ofShop, input: ({ shipmentId }) => ({ shipmentId }) },
  changeQuantity: { by: ofBuyer, input: ({ cartLineId }) => ({ lineId: cartLineId, quantity: 3 }) },
  confirmReceipt: { by: ofBuyer, input: ofOrder },
  requestReturn: {
    by: ofBuyer,
    input: ({ orderId, orderLineId }) => {
      const lines = [{ orderLineId, quantity: 1 }]
      return { orderId, reason: 'DAMAGED', solution: 'RETURN_AND_REFUND', lines, note }
    },
  },
  withdrawReturn: { by: ofBuyer, input: ofOrder },
} as const satisfies Readonly<Record<string, Move>>

/** What is somebody's to do. */
export type MoveName = keyof typeof moves

/** Carts take no key. */
const unkeyed: readonly MoveName[] = ['changeQuantity']

/** A move as a question, under somebody's key. */
export function moveOf(name: MoveName, about: Belongings, idempotencyKey: string): Question {
  const { by, input }: Move = moves[name]
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`
  const given = { ...input(about), ...(!unkeyed.includes(name) && { idempotencyKey }) }
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on Problem { code message } } }`
  return { name, way: 'http', what: { query, variables: { input: given } }, at: [name], owners: by }
}
