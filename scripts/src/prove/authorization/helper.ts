import { openClient } from '../../demo/client.ts'
import { Deviation } from '../../demo/deviation.ts'
import type { Operation } from '../../demo/operation.ts'
import { register } from '../../demo/shopping-operations.ts'
import { simulatorsAt } from '../../demo/simulator-endpoints.ts'
import type { Shelf } from '../live/buying.ts'
import type { SeededMarket } from '../seeded-market.ts'

const invite: Operation<{ readonly shop: object }> = `mutation Invite($input: InviteShopMemberInput!) {
  inviteShopMember(input: $input) { ... on InviteShopMemberSuccess { shop { id } } ... on Problem { code message } }
}`

const join: Operation<{ readonly access: { readonly token: string } }> = `mutation Join($input: JoinShopInput!) {
  joinShop(input: $input) { ... on JoinShopSuccess { access { token } } ... on Problem { code message } }
}`

/** The access token of somebody whom the shelf's seller has invited to help in the shop. */
export async function helperOf({ url, simulatorsUrl, settle }: SeededMarket, { seller, shopId }: Shelf): Promise<string> {
  const guest = openClient(url)
  const email = 'karyawan@proof.example'
  const input = { email, name: 'Karyawan Rajin', password: 'sebuah-rahasia-panjang' }
  const { tokens } = await guest.ask(register, { input })
  await seller.ask(invite, { input: { shopId, email } })
  await settle()
  const [mail] = await simulatorsAt(simulatorsUrl).mailsTo(email)
  const [token] = /^[\w-]{43}$/m.exec(mail?.text ?? '') ?? []
  if (token === undefined) throw new Deviation('No invitation came by mail')
  return (await guest.signedIn(tokens.access.token).ask(join, { input: { token } })).access.token
}
