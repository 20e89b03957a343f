import { domains } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { newId } from '@pasar/shared/ids'
import { accountScenes } from './account-attempts.ts'
import { boughtUnits, type Bought } from './aftermath.ts'
import { buy, click, complete, fillCart } from './buying.ts'
import type { TestMarket } from './market.ts'
import { moderationScenes } from './moderation-attempts.ts'
import { act, newBuyer, newShop, newStaff, putOnShelf } from './people.ts'
import type { Cast, Scene } from './scene.ts'
import { voucherScenes } from './voucher-attempts.ts'

type Who = 'buyer' | 'seller' | 'staff'

interface Act {
  readonly by: Who
  readonly to?: (order: Bought) => Promise<unknown>
  readonly input?: (order: Bought) => Promise<Record<string, unknown>>
}

const units = 3

/** Something that is done with an order that was brought this far. */
const withOrder =
  ({ by, to, input }: Act): Scene =>
  async (test, shop) => {
    const order = await boughtUnits(test, shop, units)
    await to?.(order)
    const people = { buyer: order.buyer, seller: shop.owner, staff: shop.support }
    const own = { orderId: order.id, ...(await input?.(order)) }
    return { by: people[by], input: own, returns: 'order { id state version }', other: { ...own, expectedVersion: 99 } }
  }

const accepted = (order: Bought) => order.bySeller('acceptOrder')
const delivered = async (order: Bought) => {
  await accepted(order)
  await order.outbound('picked', 'delivered')
}
const oneUnit = async (order: Bought) => [{ orderLineId: (await order.read()).lines[0]!.id, quantity: 1 }]
const wish = async (order: Bought) => ({
  reason: 'DAMAGED',
  solution: 'RETURN_AND_REFUND',
  lines: await oneUnit(order),
  note: 'Pecah',
})
const asked = async (order: Bought) => {
  await delivered(order)
  await order.byBuyer('requestReturn', await wish(order))
}
const agreed = async (order: Bought) => {
  await asked(order)
  await order.bySeller('answerReturn', { approve: true })
}
const parcelBack = async (order: Bought) => (await order.read()).shipments.find(({ direction }) => direction === 'RETURN')!
const arrived = async (order: Bought) => {
  await agreed(order)
  await order.scan((await parcelBack(order)).trackingNumber, 'delivered')
}
/** As if no courier had taken the way back in five days: those of this market always do. */
const unbooked = (test: TestMarket) => async (order: Bought) => {
  await agreed(order)
  const { pool, stop } = openPostgres({ url: test.remains.databases.orders.url })
  await pool.query(`UPDATE shop_order SET state = 'RETURN_UNBOOKED' WHERE id = $1`, [order.id])
  await stop()
}
const finished = async (order: Bought) => {
  await delivered(order)
  await order.byBuyer('confirmReceipt')
}
const refused = async (order: Bought) => {
  await asked(order)
  await order.bySeller('answerReturn', { approve: false, note: 'Tidak' })
}

const checkout: Scene = async (test, shop) => {
  const buyer = await newBuyer(test)
  const { idempotencyKey: _, ...input } = click(await fillCart(buyer, [[shop.goods[0]!, units]])).input
  return { by: buyer, input, returns: '', other: { ...input, paymentMethod: 'QRIS' } }
}

const cancelCheckout: Scene = async (test, shop) => {
  const buyer = await newBuyer(test)
  const [one, two] = [await open(test, shop, buyer), await open(test, shop, buyer)]
  return { by: buyer, input: { checkoutId: one }, returns: 'checkout { id state }', other: { checkoutId: two } }
}
const open = async (test: TestMarket, shop: Cast, buyer: Awaited<ReturnType<typeof newBuyer>>) =>
  (await buy(test, buyer, click(await fillCart(buyer, [[shop.goods[0]!, 1]])))).checkoutId

const requestPickup: Scene = async (test, shop) => {
  const [one, two] = [await boughtUnits(test, shop, 1), await boughtUnits(test, shop, 1)]
  for (const order of [one, two]) await order.bySeller('acceptOrder')
  const [shipmentId, other] = [(await one.read()).shipments[0]!.id, (await two.read()).shipments[0]!.id]
  return { by: shop.owner, input: { shipmentId }, returns: 'shipment { id }', other: { shipmentId: other } }
}

const adjustStock: Scene = async (_, { owner, goods, warehouseId }) => {
  const input = { variantId: goods[0]!.variantId, warehouseId, delta: 5, reason: 'RECEIVED' }
  return { by: owner, input, returns: 'variant { id available }', other: { ...input, delta: 6 } }
}

const scheduleFlashSale: Scene = async (test, cast) => {
  const { variantId } = await putOnShelf(cast, { price: 90_000, units: 1 })
  await test.settle()
  const inDays = (days: number) => new Date(test.clock.now().getTime() + days * 86_400_000).toISOString()
  const input = { variantId, price: 60_000, startsAt: inDays(60), endsAt: inDays(61), units: 1 }
  return { by: cast.owner, input, returns: 'flashSale { id }', other: { ...input, price: 50_000 } }
}

const account = { bank: 'BCA', number: '1234567890', holder: 'Budi Santoso' }
let accounts = 0
const addBankAccount: Scene = async (_, { owner, shopId }) => {
  const input = { shopId, ...account, number: `2222${(accounts += 1)}0000` }
  return { by: owner, input, returns: 'bankAccount { id }', other: { ...input, number: '9876543210' } }
}

const withdraw: Scene = async (test, shop) => {
  const order = await boughtUnits(test, shop, units)
  await complete(test, shop, { buyer: order.buyer, id: order.id })
  const input = { shopId: shop.shopId, ...account, idempotencyKey: newId('movement') }
  const { bankAccount } = await act<{ bankAccount: { id: string } }>(shop.owner.client, 'addBankAccount', {
    input,
    returns: 'bankAccount { id }',
  })
  const wanted = { shopId: shop.shopId, bankAccountId: bankAccount.id, amount: 20_000 }
  return { by: shop.owner, input: wanted, returns: 'withdrawal { id }', other: { ...wanted, amount: 30_000 } }
}

/** As if each answer of the provider to its first attempt had been lost, two days ago. */
const concludeWithdrawal: Scene = async (test, cast) => {
  const { by, input, returns } = await withdraw(test, cast)
  const wanted = { ...input, idempotencyKey: newId('movement') }
  const { withdrawal } = await act<{ withdrawal: { id: string } }>(by.client, 'withdraw', { input: wanted, returns })
  const { pool, stop } = openPostgres({ url: test.remains.databases.payments.url })
  await pool.query(`UPDATE withdrawal SET asked_at = requested_at - interval '2 days' WHERE id = $1`, [withdrawal.id])
  await stop()
  const found = { withdrawalId: withdrawal.id, finding: 'NOT_SENT', note: 'Tidak ada di Iris' }
  return { by: cast.admin, input: found, returns: 'withdrawal { id state }', other: { ...found, finding: 'ARRIVED' } }
}

const removeBankAccount: Scene = async (_, { owner, shopId }) => {
  const input = { shopId, ...account, idempotencyKey: newId('movement') }
  const added = await act<{ bankAccount: { id: string } }>(owner.client, 'addBankAccount', {
    input,
    returns: 'bankAccount { id }',
  })
  const wanted = { shopId, bankAccountId: added.bankAccount.id }
  return { by: owner, input: wanted, returns: 'bankAccountId', other: { ...wanted, bankAccountId: newId('bankAccount') } }
}

/** A statement about a parcel that nobody knows: what came with it is owed to the courier. */
const statementOf = (trackingNumber: string) => ({
  courierId: 'jne',
  reference: newId('movement'),
  received: 5_000,
  lines: [{ kind: 'COD', trackingNumber, amount: 5_000 }],
  note: 'Rekening koran',
})

const recordCourierStatement: Scene = async (_, { admin }) => {
  const input = statementOf(newId('movement'))
  return { by: admin, input, returns: 'statement { id lines { outcome } }', other: { ...input, note: 'Lain' } }
}

const writeOffCourierDue: Scene = async (test, { admin }) => {
  const trackingNumber = newId('movement')
  const input = { ...statementOf(trackingNumber), idempotencyKey: newId('movement') }
  await act(admin.client, 'recordCourierStatement', { input, returns: 'statement { id }' })
  const query = `query Open { courierDues(filter: { kind: UNIDENTIFIED_PAYMENT, state: OPEN }, first: 100) { edges { node { id trackingNumber } } } }`
  const { edges } = await admin.client.ask<{ edges: { node: { id: string; trackingNumber: string } }[] }>(query)
  // What staff looked at and did so far is in the audit log before it is counted.
  await test.settle()
  const { id: dueId } = edges.find(({ node }) => node.trackingNumber === trackingNumber)!.node
  return { by: admin, input: { dueId, note: 'Tak dikenal' }, returns: 'due { id state }', other: { dueId, note: 'Lain' } }
}

let rules = 0
/** A rule by which sellers are charged: each begins at a moment of its own, long after everything else here. */
const withRule =
  (rule: () => object): Scene =>
  async (_, { admin }) => {
    const validFrom = new Date(Date.UTC(2030, 0, 1, 0, (rules += 1))).toISOString()
    const input = { ...rule(), validFrom, note: 'Rapat' }
    return { by: admin, input, returns: 'rule { id validFrom }', other: { ...input, note: 'Lain' } }
  }

/** How each mutation that carries an idempotency key comes to be sent. */
export const scenes: Readonly<Record<string, Scene>> = {
  checkout,
  cancelCheckout,
  acceptOrder: withOrder({ by: 'seller' }),
  rejectOrder: withOrder({ by: 'seller', input: async () => ({ reason: 'OUT_OF_STOCK' }) }),
  cancelLines: withOrder({ by: 'seller', input: async (order) => ({ reason: 'OUT_OF_STOCK', lines: await oneUnit(order) }) }),
  cancelOrder: withOrder({ by: 'buyer' }),
  requestCancel: withOrder({ by: 'buyer', to: accepted }),
  answerCancelRequest: withOrder({
    by: 'seller',
    to: async (order) => {
      await accepted(order)
      await order.byBuyer('requestCancel')
    },
    input: async () => ({ grant: true }),
  }),
  confirmReceipt: withOrder({ by: 'buyer', to: delivered }),
  requestReturn: withOrder({ by: 'buyer', to: delivered, input: wish }),
  answerReturn: withOrder({ by: 'seller', to: asked, input: async () => ({ approve: true }) }),
  withdrawReturn: withOrder({ by: 'buyer', to: agreed }),
  receiveReturn: withOrder({ by: 'seller', to: arrived, input: async () => ({ accept: true, restock: true }) }),
  escalateReturn: withOrder({ by: 'buyer', to: refused, input: async () => ({ note: 'Lihat foto' }) }),
  extendReturn: (test, cast) =>
    withOrder({ by: 'staff', to: unbooked(test), input: async () => ({ note: 'Kurir diganti' }) })(test, cast),
  mediateReturn: withOrder({
    by: 'staff',
    to: async (order) => {
      await refused(order)
      await order.byBuyer('escalateReturn', { note: 'Lihat foto' })
    },
    input: async () => ({ decision: 'REFUND', note: 'Foto jelas' }),
  }),
  refundCompletedOrder: withOrder({
    by: 'staff',
    to: finished,
    input: async () => ({ amount: 1_000, note: 'Terbukti tiruan' }),
  }),
  adjustStock,
  scheduleFlashSale,
  ...accountScenes,
  ...moderationScenes,
  ...voucherScenes,
  requestPickup,
  addBankAccount,
  withdraw,
  concludeWithdrawal,
  removeBankAccount,
  recordCourierStatement,
  writeOffCourierDue,
  addCommissionRule: withRule(() => ({ shopId: newId('shop'), basisPoints: 300 })),
  addPaymentFeeRule: withRule(() => ({ fixedAmount: 1_000, basisPoints: 0 })),
  addShopTaxRule: withRule(() => ({ shopId: newId('shop'), incomeTaxExempt: true, vatRegistered: false })),
}

/** A shop with enough on its shelf for every scene, and somebody of support. */
export const openCast = async (test: TestMarket): Promise<Cast> => ({
  ...(await newShop(test, [{ price: 90_000, units: 900 }])),
  support: await newStaff(test, 'support'),
  admin: await newStaff(test, 'admin'),
})

const tables = `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> ALL ($1) ORDER BY 1`
/** Accounts of the ledger are opened with their first movement, numberings with their first event, whatever brings that. */
const uncounted = ['_prisma_migrations', 'account', 'aggregate_sequence']

/** How many rows each table of each database has. */
export async function countRows({ remains }: TestMarket): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  for (const domain of domains) {
    const { pool, stop } = openPostgres({ url: remains.databases[domain].url })
    const { rows } = await pool.query<{ name: string }>(tables, [uncounted])
    const each = rows.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS rows FROM "${name}"`)
    const counted = await pool.query<{ name: string; rows: number }>(each.join(' UNION ALL '))
    for (const row of counted.rows) counts[`${domain}.${row.name}`] = row.rows
    await stop()
  }
  return counts
}

/** Which tables have grown between two counts, and by how much. */
export const grown = (before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(after)
      .map(([name, rows]) => [name, rows - before[name]!] as const)
      .filter(([, rows]) => rows !== 0),
  )
