import { act, newBuyer, proven } from './people.ts'
import type { Scene } from './scene.ts'

const addAddress: Scene = async (test) => {
  const input = {
    label: 'Kantor',
    recipient: 'Dewi Lestari',
    phone: '0812 3456 7890',
    street: 'Jalan Sudirman 1',
    districtCode: '31.73.05',
    postalCode: '11530',
    makeDefault: true,
  }
  return { by: await newBuyer(test), input, returns: 'address { id isDefault }', other: { ...input, makeDefault: false } }
}

let shops = 0
const openShop: Scene = async (test) => {
  const input = { slug: `toko-sekali-${(shops += 1)}`, name: 'Toko Sekali', regencyCode: '32.73' }
  return {
    by: await proven(test, await newBuyer(test)),
    input,
    returns: 'shop { id slug }',
    other: { ...input, name: 'Toko Lain' },
  }
}

const joinShop: Scene = async (test, { owner, shopId }) => {
  const by = await newBuyer(test)
  await act(owner.client, 'inviteShopMember', { input: { shopId, email: by.email }, returns: 'shop { id }' })
  await test.settle()
  const [mail] = await test.simulators.mailsTo(by.email)
  const token = /^[\w-]{43}$/m.exec(mail!.text)![0]
  return { by, input: { token }, returns: 'shop { id }', other: { token: 'x'.repeat(43) } }
}

/** How each mutation of accounts that carries an idempotency key comes to be sent. */
export const accountScenes: Readonly<Record<string, Scene>> = { addAddress, openShop, joinShop }
