import { domains } from '@pasar/shared/domains'
import { newId } from '@pasar/shared/ids'
import { loadSubgraphSdl } from '@pasar/schema/load'
import { Kind, type FieldDefinitionNode, type TypeNode } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countRows, grown, openCast, scenes } from './attempts.ts'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newBuyer, newStaff, returning, type Person } from './people.ts'
import type { Attempt, Cast } from './scene.ts'

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type))

/** Every mutation that people may send, by the domain that has it. */
const mutations = domains.flatMap((domain) => {
  const { definitions } = loadSubgraphSdl(domain)
  const hasKey = (field: FieldDefinitionNode): boolean =>
    definitions.some(
      (one) =>
        one.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION &&
        field.arguments?.some(({ type }) => nameOf(type) === one.name.value) &&
        one.fields?.some(({ name }) => name.value === 'idempotencyKey'),
    )
  return definitions
    .flatMap((one) => (one.kind === Kind.OBJECT_TYPE_DEFINITION && one.name.value === 'Mutation' ? (one.fields ?? []) : []))
    .filter(({ directives }) => !directives?.some(({ name }) => name.value === 'inaccessible'))
    .map((field) => ({ domain, name: field.name.value, hasKey: hasKey(field) }))
})

describe('a mutation that moves money, stock or an order', () => {
  it('carries an idempotency key: all of orders, payments and logistics, and the one that adjusts stock', () => {
    const moving = mutations.filter(
      ({ domain, name }) => ['orders', 'payments', 'logistics'].includes(domain) || name === 'adjustStock',
    )
    expect(moving.filter(({ hasKey }) => !hasKey)).toEqual([])
  })

  it('is tried here, whichever carries a key', () => {
    expect(Object.keys(scenes).toSorted()).toEqual(
      mutations
        .filter(({ hasKey }) => hasKey)
        .map(({ name }) => name)
        .toSorted(),
    )
  })
})

describe('the same attempt', () => {
  let test: TestMarket
  let cast: Cast
  let stranger: Person
  beforeAll(async () => {
    test = await openTestMarket()
    cast = await openCast(test)
    stranger = await newBuyer(test)
  })
  afterAll(() => test.stop())

  const send = (name: string, { by, returns }: Attempt, input: object): Promise<unknown> =>
    name === 'checkout'
      ? by.client.ask(
          `mutation Checkout($input: CheckoutInput!) { checkout(input: $input) { __typename ... on CheckoutPlaced { checkout { id } }
            ... on CheckoutProcessing { checkout { id } } ... on Problem { code message } } }`,
          { input },
        )
      : act(by.client, name, { input, returns })
  /** What one attempt leaves behind when everything that follows from it is done. */
  const effectOf = async (work: () => Promise<void>) => {
    const before = await countRows(test)
    await work()
    await test.settle()
    return grown(before, await countRows(test))
  }

  it.each(Object.keys(scenes))('of %s has one effect and one answer, 10 times at once and 10 times after', async (name) => {
    const [once, often] = [await scenes[name]!(test, cast), await scenes[name]!(test, cast)]
    // What came before is done: the mails to those who have just registered, for one.
    await test.settle()
    const single = await effectOf(async () => void (await send(name, once, { ...once.input, idempotencyKey: newId('movement') })))
    const input = { ...often.input, idempotencyKey: newId('movement') }
    const replies: unknown[] = []
    const many = await effectOf(async () => {
      replies.push(...(await Promise.all(Array.from({ length: 10 }, () => send(name, often, input)))))
      for (let n = 0; n < 10; n++) replies.push(await send(name, often, input))
    })
    expect(many).toEqual(single)
    expect(Object.values(single).some((rows) => rows > 0)).toBe(true)
    expect(replies).toEqual(Array.from({ length: 20 }, () => replies[0]))
    // The token from before one had a shop, or helped in one, is over.
    const by = ['openShop', 'joinShop'].includes(name) ? await returning(test, often.by) : often.by
    const nothing = await effectOf(async () => {
      const other = { ...often.other, idempotencyKey: input.idempotencyKey }
      await expect(send(name, { ...often, by }, other)).rejects.toThrow('IDEMPOTENCY_KEY_REUSED')
    })
    expect(nothing).toEqual({})
  })

  it('is somebody’s own: the same key says nothing to anybody else', async () => {
    const attempt = await scenes['acceptOrder']!(test, cast)
    const input = { ...attempt.input, idempotencyKey: 'kunci-yang-sama' }
    await send('acceptOrder', attempt, input)
    const other = await newStaff(test, 'admin')
    for (const by of [stranger, other])
      await expect(send('acceptOrder', { ...attempt, by }, input)).rejects.toThrow(/FORBIDDEN|NOT_FOUND|may not/)
    const [mine, yours] = [await scenes['cancelOrder']!(test, cast), await scenes['cancelOrder']!(test, cast)]
    const both = [mine, yours].map((one) => send('cancelOrder', one, { ...one.input, idempotencyKey: 'kunci-yang-sama' }))
    const states = (await Promise.all(both)) as { order: { id: string; state: string } }[]
    expect(new Set(states.map(({ order }) => order.id)).size).toBe(2)
  })
})
