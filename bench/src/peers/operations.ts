import { operations as storefront } from '../market/operations.ts'
import { shopId } from '../market/plan.ts'
import type { ViewerName } from './viewers.ts'

/** An operation that all gateways are asked. */
export interface PeerOperation {
  readonly name: string
  readonly viewer: ViewerName
  readonly bodies: readonly string[]
}

const tracking = `query Track($id: ID!, $reason: String) {
  order(id: $id, reason: $reason) {
    id
    state
    total { amount formatted }
    shop { id name }
    lines { quantity title product { id title } variant { id name available } }
    checkout { id payment { id state } }
    history { event state at }
    shipments { id status trackingNumber courierService { id name } events(first: 20) { edges { node { id status location } } } }
  }
}`

const desk = `query Desk($shopId: ID!, $reason: String) {
  shop(id: $shopId) {
    id
    name
    balance { available { amount } }
    orders(first: 20, reason: $reason) {
      edges {
        node {
          id
          state
          version
          total { amount formatted }
          buyer { id displayName }
          lines { quantity title variant { id sku } }
          shipments { id status trackingNumber }
        }
      }
    }
  }
}`

const different = 500

/** `reason` counts only for staff: it makes requests differ, so that hardly any two equal ones are under way at a time. */
const bodiesOf = (query: string, operationName: string, variablesOf: (index: number) => object) =>
  Array.from({ length: different }, (_, index) =>
    JSON.stringify({ query, operationName, variables: { ...variablesOf(index), reason: `look ${index}` } }),
  )

/** What the storefront, a seller and a buyer who waits for a parcel ask; in the order of measuring. */
export const operationsOn = (orderIds: readonly string[]): readonly PeerOperation[] => [
  ...storefront.map(({ name, bodies }) => ({ name, bodies, viewer: 'guest' as const })),
  { name: 'seller desk', viewer: 'seller', bodies: bodiesOf(desk, 'Desk', () => ({ shopId: shopId(0) })) },
  {
    name: 'order tracking',
    viewer: 'buyer',
    bodies: bodiesOf(tracking, 'Track', (index) => ({ id: orderIds[index % orderIds.length] })),
  },
]
