import { acceptOrder } from '@pasar/scripts/demo/order-operations'
import { newId } from '@pasar/shared/ids'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { paidOrder } from './buying.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newBuyer, newShop, putOnShelf, returning, type Person, type TestShop } from './people.ts'
import { inBothWays } from './ways.ts'

inBothWays((way) => {
  let test: TestMarket
  let shop: TestShop
  let member: Person
  beforeAll(async () => {
    test = await openTestMarket({ way })
    shop = await newShop(test, [{ price: 50_000, units: 20 }])
    const person = await newBuyer(test)
    const { email } = person
    await act(shop.owner.client, 'inviteShopMember', { input: { shopId: shop.shopId, email }, returns: 'shop { id }' })
    await test.settle()
    const [mail] = await test.simulators.mailsTo(email)
    const token = /^[\w-]{43}$/m.exec(mail!.text)![0]
    await act(person.client, 'joinShop', { input: { token }, returns: 'shop { id }' })
    member = await returning(test, person)
  })
  afterAll(() => test.stop())

  it('whoever helps in a shop lists its goods, follows its orders and accepts them', async () => {
    await putOnShelf({ ...shop, owner: member }, { price: 75_000, units: 5 })
    const live = `subscription Shop($shopId: ID!) { shopOrderUpdated(shopId: $shopId) { event order { id } } }`
    const stream = await test.follow<{ readonly event: string; readonly order: { readonly id: string } }>(member.client, live, {
      shopId: shop.shopId,
    })
    const { order } = await paidOrder(test, shop)
    await stream.waitForCount('the order that is paid', 1, ({ event }) => event === 'PAID')
    await member.client.ask(acceptOrder, { input: { orderId: order.id, idempotencyKey: 'karyawan-terima' } })
    await test.settle()
    await stream.waitForCount('the order that is accepted', 1, ({ event }) => event === 'ACCEPTED')
    stream.stop()
  })

  it('and has nothing to do with its money', async () => {
    const { shopId } = shop
    const { order } = await paidOrder(test, shop)
    const money = `query Money($id: ID!) { shop(id: $id) { balance { available { amount } } bankAccounts { id } } }`
    expect(await member.client.ask(money, { id: shopId })).toEqual({ balance: null, bankAccounts: [] })
    expect(await shop.owner.client.ask(money, { id: shopId })).toMatchObject({ balance: { available: { amount: 0 } } })
    const settlement = 'query Settlement($id: ID!) { order(id: $id) { state settlement { held { amount } } } }'
    expect(await member.client.ask(settlement, { id: order.id })).toEqual({ state: 'PAID', settlement: null })
    expect(await shop.owner.client.ask(settlement, { id: order.id })).toMatchObject({ settlement: { held: {} } })
    const input = { shopId, bank: 'BCA', number: '1234567890', holder: 'Karyawan', idempotencyKey: 'karyawan-rekening' }
    await expect(act(member.client, 'addBankAccount', { input, returns: 'bankAccount { id }' })).rejects.toThrow('FORBIDDEN')
    const taken = { shopId, bankAccountId: newId('bankAccount'), amount: 10_000, idempotencyKey: 'karyawan-tarik' }
    await expect(act(member.client, 'withdraw', { input: taken, returns: 'withdrawal { id }' })).rejects.toThrow('FORBIDDEN')
  })

  it('and acts for no other shop', async () => {
    const other = await newShop(test, [{ price: 50_000, units: 5 }])
    const { order } = await paidOrder(test, other)
    const input = { orderId: order.id, idempotencyKey: 'karyawan-lain' }
    await expect(member.client.ask(acceptOrder, { input })).rejects.toThrow('ORDER_NOT_FOUND')
  })
})
