import type { Client } from './client.ts'
import { expectThat } from './deviation.ts'
import type { Stream } from './live.ts'
import { myShops, shopOrderUpdated, type ShopFrame } from './order-operations.ts'
import { signIn } from './shopping-operations.ts'
import type { Account, Stage } from './stage.ts'

/** A seller at work: one shop, its incoming orders on the screen. */
export interface Seller {
  readonly client: Client
  readonly shopId: string
  readonly shopName: string
  readonly earnedBefore: number
  readonly incoming: Stream<ShopFrame>
}

/** Signs someone in. */
export async function signInAs({ guest }: Stage, { email, password }: Account): Promise<Client> {
  const { tokens } = await guest.ask(signIn, { input: { email, password } })
  return guest.signedIn(tokens.access.token)
}

/** The seller opens the shop's dashboard, which follows the shop's orders. */
export async function openShopDashboard(stage: Stage, account: Account): Promise<Seller> {
  const client = await signInAs(stage, account)
  const me = await client.ask(myShops)
  const [shop] = me?.shops ?? []
  expectThat(shop !== undefined, `The seller ${account.email} has no shop`)
  const incoming = stage.live.follow({
    client,
    operation: shopOrderUpdated,
    variables: { shopId: shop.id },
    tell: ({ event, order }) => `${shop.name} sees: order ${order.id} ${event}, from ${order.buyer.displayName ?? 'somebody'}`,
  })
  return { client, shopId: shop.id, shopName: shop.name, earnedBefore: shop.balance?.available.amount ?? 0, incoming }
}

/** What the shop has earned by now. */
export async function earnedBy({ client, shopId }: Seller): Promise<number> {
  const me = await client.ask(myShops)
  return me?.shops?.find(({ id }) => id === shopId)?.balance?.available.amount ?? 0
}
