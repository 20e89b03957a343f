import { loadSubgraphSdl } from '@pasar/schema/load'
import type { Calls, InternalCall } from '@pasar/shared/subgraph/calls'
import { newId } from '@pasar/shared/ids'
import { buildASTSchema, coerceInputValue, isUnionType, parse, validate, type GraphQLSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { Checkout } from '../src/domain/checkout.ts'
import { openParticipants, type Participants } from '../src/saga/participants.ts'

const checkout = {
  id: newId('checkout'),
  buyerId: newId('account'),
  cartId: newId('cart'),
  cartVersion: 3,
  paymentMethod: 'QRIS',
} as const satisfies Partial<Checkout> as unknown as Checkout
const group = {
  shopId: newId('shop'),
  courierServiceId: 'jne_reg',
  originRegencyCode: '31.73',
  destinationRegencyCode: '31.74',
  weightGrams: 1,
  volumeCubicCm: 1,
}
const origin = { shopId: newId('shop'), regencyCode: '31.73' }
const wanted = {
  buyerId: checkout.buyerId,
  insteadOf: newId('checkout'),
  lines: [{ variantId: newId('variant'), quantity: 1 }],
  expiresAt: new Date(0),
  preferredWarehouseIds: [newId('warehouse')],
  preferredOrigins: [origin],
}
const categoryId = newId('category')
const categories = [{ categoryId, path: [newId('category'), categoryId], amount: 1 }]
const paid = { orderId: newId('order'), shopId: newId('shop'), itemsAmount: 1, shippingAmount: 1, categories }

/** Every command as the saga sends it, and the answers that it knows. */
const commands: readonly (readonly [string, (participants: Participants) => Promise<unknown>, readonly string[]])[] = [
  [
    'cartsLock',
    ({ lockCart }) => lockCart(checkout),
    ['CartsLocked', 'CartsUnknown', 'CartsEmpty', 'CartsChanged', 'CartsBusy', 'CartsIncomplete', 'CartsLockGone'],
  ],
  ['cartsUnlock', ({ unlockCart }) => unlockCart({ checkoutId: checkout.id, origins: [origin] }), []],
  ['cartsClear', ({ clearCart }) => clearCart(checkout.id), []],
  [
    'usersFreezeAddress',
    ({ freezeAddress }) => freezeAddress(checkout, newId('address')),
    ['UsersAddressFrozen', 'UsersAddressUnknown'],
  ],
  [
    'productsReserve',
    ({ reserve }) => reserve(checkout.id, wanted),
    [
      'ProductsReserved',
      'ProductsOutOfStock',
      'ProductsFlashSaleLimited',
      'ProductsUnavailable',
      'ProductsReservationGone',
      'IdempotencyKeyReused',
    ],
  ],
  [
    'productsConfirm',
    ({ confirm }) => confirm(checkout.id),
    ['ProductsConfirmed', 'ProductsReservationGone', 'IdempotencyKeyReused'],
  ],
  ['productsRelease', ({ release }) => release(checkout.id), ['ProductsReleased', 'IdempotencyKeyReused']],
  ['logisticsQuote', ({ quote }) => quote(checkout.id, [group]), ['LogisticsQuoted', 'LogisticsUnavailable']],
  [
    'paymentsCreate',
    ({ createPayment }) => createPayment(checkout, { amount: 2, expiresAt: new Date(0).toISOString(), orders: [paid] }),
    ['PaymentsCreated', 'PaymentsMethodUnavailable', 'PaymentsCheckoutCancelled', 'IdempotencyKeyReused'],
  ],
  ['paymentsCancel', ({ cancelPayment }) => cancelPayment(checkout.id), []],
]

const schemas = new Map<string, GraphQLSchema>()
const schemaOf = (domain: string) => {
  const schema = schemas.get(domain) ?? buildASTSchema(loadSubgraphSdl(domain), { assumeValidSDL: true })
  schemas.set(domain, schema)
  return schema
}

/** What a participant function sends. */
async function sentBy(send: (participants: Participants) => Promise<unknown>): Promise<InternalCall> {
  const sent: InternalCall[] = []
  const calls = async (call: InternalCall) => {
    sent.push(call)
    return { answer: {} }
  }
  await send(openParticipants(calls as Calls))
  return sent[0]!
}

describe('the commands of the saga', () => {
  it.each(commands)('%s: is what its participant understands', async (...[field, send]) => {
    const { domain, query, variables } = await sentBy(send)
    const schema = schemaOf(domain)
    expect(validate(schema, parse(query))).toEqual([])
    const input = schema.getMutationType()!.getFields()[field]!.args[0]!.type
    const problems: string[] = []
    coerceInputValue(variables['input'], input, (path, _, error) => problems.push(`${path.join('.')}: ${error.message}`))
    expect(problems).toEqual([])
  })

  it.each(commands)('%s: has no answer that the saga does not know', async (...[field, send, known]) => {
    const { domain } = await sentBy(send)
    const schema = schemaOf(domain)
    const result = schema.getType(String(schema.getMutationType()!.getFields()[field]!.type).replace('!', ''))
    const answers = isUnionType(result) ? result.getTypes().map(({ name }) => name) : []
    expect(new Set(answers)).toEqual(new Set(known))
  })
})
