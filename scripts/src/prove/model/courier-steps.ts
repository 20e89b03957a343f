import { courierSays, requestPickup, type OrderAt, type OrderStep } from './order-at.ts'
import { endOrder, go, payClaim } from './order.ts'

const unsent = ['READY_TO_SHIP', 'CANCEL_REQUESTED'] as const
const sendingBack = ['RETURN_APPROVED', 'RETURN_SENT'] as const

/** What a courier says first of a return that it does not have yet. */
const fetching = ({ one }: OrderAt): readonly string[] => (one.state === 'RETURN_APPROVED' ? ['picked'] : [])

/** On the way to the buyer. */
const there: readonly OrderStep[] = [
  {
    name: 'ship',
    from: unsent,
    often: 5,
    run: async (at) => {
      await courierSays(at, 'OUTBOUND', ['picked'])
      go(at.model, at.one, 'SHIPPED')
    },
  },
  {
    name: 'do not fetch',
    from: unsent,
    run: async (at) => {
      await courierSays(at, 'OUTBOUND', ['cancelled'])
      endOrder(at.model, at.one)
    },
  },
  {
    name: 'deliver',
    from: ['SHIPPED'],
    often: 8,
    run: async (at) => {
      await courierSays(at, 'OUTBOUND', ['delivered'])
      go(at.model, at.one, 'DELIVERED')
    },
  },
  {
    name: 'comeBack',
    from: ['SHIPPED'],
    run: async (at) => {
      await courierSays(at, 'OUTBOUND', ['return_in_transit', 'returned'])
      endOrder(at.model, at.one)
    },
  },
  {
    name: 'lose',
    from: ['SHIPPED'],
    run: async (at) => {
      await courierSays(at, 'OUTBOUND', ['lost'])
      endOrder(at.model, at.one, 'lost')
    },
  },
  {
    name: 'give up',
    from: ['SHIPPED'],
    run: async (at) => {
      await courierSays(at, 'OUTBOUND', ['cancelled'])
      endOrder(at.model, at.one, 'lost')
    },
  },
]

/** On the way back to the shop. */
const back: readonly OrderStep[] = [
  {
    name: 'requestPickup',
    from: ['RETURN_APPROVED'],
    when: (_, { pickupAt }) => pickupAt === undefined,
    often: 2,
    run: async (at) => {
      at.one.pickupAt = at.model.now
      await requestPickup(at)
    },
  },
  {
    name: 'do not fetch the return',
    from: ['RETURN_APPROVED'],
    often: 2,
    run: async (at) => {
      await courierSays(at, 'RETURN', ['cancelled'])
      go(at.model, at.one, 'MEDIATION')
    },
  },
  {
    name: 'sendBack',
    from: ['RETURN_APPROVED'],
    often: 3,
    run: async (at) => {
      await courierSays(at, 'RETURN', ['picked'])
      go(at.model, at.one, 'RETURN_SENT')
    },
  },
  {
    name: 'bringBack',
    from: sendingBack,
    often: 4,
    run: async (at) => {
      await courierSays(at, 'RETURN', ['delivered'])
      go(at.model, at.one, 'RETURN_ARRIVED')
    },
  },
  {
    name: 'bring the return to its buyer',
    from: sendingBack,
    run: async (at) => {
      await courierSays(at, 'RETURN', [...fetching(at), 'return_in_transit', 'returned'])
      go(at.model, at.one, 'MEDIATION')
    },
  },
  {
    name: 'loseReturn',
    from: sendingBack,
    run: async (at) => {
      await courierSays(at, 'RETURN', ['lost'])
      payClaim(at.model, at.one)
    },
  },
  {
    name: 'give up the return',
    from: sendingBack,
    run: async (at) => {
      await courierSays(at, 'RETURN', [...fetching(at), 'cancelled'])
      payClaim(at.model, at.one)
    },
  },
]

/** What couriers say of parcels, and are asked. */
export const onTheWay: readonly OrderStep[] = [...there, ...back]
