import { randomUUID } from 'node:crypto'
import { demoCast } from '../../demo/cast.ts'
import { addHome } from '../../demo/buyer.ts'
import { openClient, type Client } from '../../demo/client.ts'
import { openLive } from '../../demo/live.ts'
import { acceptOrder, confirmReceipt, myShops, pressBuy, readCheckout, requestPickup } from '../../demo/order-operations.ts'
import type { Operation } from '../../demo/operation.ts'
import { addToCart, browseShop, chooseShipping, readCart, register, signIn } from '../../demo/shopping-operations.ts'
import { simulatorsAt } from '../../demo/simulator-endpoints.ts'

/** Something on the shelf, and who sells it. */
export interface Shelf {
  readonly seller: Client
  readonly shopId: string
  readonly productId: string
  readonly variantId: string
}

/** What the demo seller has most of. */
export async function findShelf(guest: Client): Promise<Shelf> {
  const seller = await signedIn(guest)
  const shop = (await seller.ask(myShops))?.shops?.[0]
  if (!shop) throw new Error('The demo seller has no shop')
  const shelf = (await guest.ask(browseShop, { shopId: shop.id }))?.products.edges.map(({ node }) => node) ?? []
  const [best] = shelf
    .flatMap(({ id, variants }) =>
      variants.map((variant) => ({ productId: id, variantId: variant.id, available: variant.available })),
    )
    .toSorted((a, b) => b.available - a.available)
  if (!best) throw new Error('The demo seller sells nothing')
  return { seller, shopId: shop.id, ...best }
}

async function signedIn(guest: Client): Promise<Client> {
  const { email, password } = demoCast.sellers[0]
  const { tokens } = await guest.ask(signIn, { input: { email, password } })
  return guest.signedIn(tokens.access.token)
}

/** A market in which something is bought. */
export interface Place {
  readonly url: string
  readonly simulatorsUrl: string
  settle(): Promise<unknown>
}

/** What a courier brings. */
interface Parcel {
  readonly id: string
  readonly trackingNumber: string
}

/** An order that waits for its payment, and the moves of its life. */
export interface PlacedOrder {
  readonly id: string
  readonly checkoutId: string
  readonly paymentId: string
  readonly buyer: Client
  readonly email: string
  readonly token: string
  pay(): Promise<void>
  accept(): Promise<void>
  /** What was booked when the seller accepted. */
  parcel(): Promise<Parcel>
  /** The courier scans the parcel once more; says where it is then. */
  scan(): Promise<string>
  confirm(): Promise<void>
}

const parcelOf: Operation<{ shipments: readonly Parcel[] }> =
  `query Parcel($id: ID!) { order(id: $id) { shipments { id trackingNumber } } }`

/** A new buyer presses "Buy". */
export async function placeOrder(place: Place, { seller, variantId }: Shelf, who = 'bukti'): Promise<PlacedOrder> {
  const guest = openClient(place.url)
  const simulators = simulatorsAt(place.simulatorsUrl)
  const input = { email: `${who}@pasar.example`, name: 'Dewi Lestari', password: 'sebuah-rahasia-panjang' }
  const { access } = (await guest.ask(register, { input })).tokens
  const buyer = guest.signedIn(access.token)
  await buyer.ask(addToCart, { input: { variantId, quantity: 2 } })
  const stage = {
    guest,
    live: openLive(() => undefined, 1),
    simulators,
    cast: demoCast,
    tell: () => undefined,
    fresh: randomUUID,
  }
  await addHome(stage, buyer)
  const before = await buyer.ask(readCart)
  for (const { id, shippingOptions } of before?.groups ?? [])
    await buyer.ask(chooseShipping, { input: { groupId: id, courierServiceId: shippingOptions[0]?.courierService.id } })
  const cart = (await buyer.ask(readCart))!
  const click = { cartId: cart.id, expectedCartVersion: cart.version, paymentMethod: 'BCA_VA', idempotencyKey: 'beli' }
  const { checkout } = await buyer.ask(pressBuy, { input: click })
  await place.settle()
  const placed = (await buyer.ask(readCheckout, { id: checkout.id }))!
  const { id } = placed.orders[0]!
  let booked: Parcel | undefined
  // Asked once: it is scanned while the market's orders are away, too.
  const parcel = async () => (booked ??= (await buyer.ask(parcelOf, { id })).shipments[0]!)
  return {
    id,
    checkoutId: checkout.id,
    paymentId: placed.payment!.id,
    buyer,
    email: input.email,
    token: access.token,
    parcel,
    pay: () => simulators.pay(placed.payment!.id),
    async accept() {
      await seller.ask(acceptOrder, { input: { orderId: id, idempotencyKey: 'terima' } })
      await place.settle()
      await seller.ask(requestPickup, { input: { shipmentId: (await parcel()).id, idempotencyKey: 'jemput' } })
    },
    scan: async () => simulators.advance((await parcel()).trackingNumber),
    async confirm() {
      await buyer.ask(confirmReceipt, { input: { orderId: id, idempotencyKey: 'sampai' } })
    },
  }
}
