import { rowsOf } from '../world/acts.ts'
import type { Shop } from '../world/people.ts'
import { completeCart, fillCart } from '../world/shopping.ts'
import type { Books } from './books.ts'
import type { Ending } from './ending.ts'
import type { Bought } from './fates.ts'
import { tellFlashSale } from './flash-sale-story.ts'
import { gains, together, totalOf, type Sale } from './gains.ts'
import { tellParts } from './parts-story.ts'
import { saleOf } from './prices.ts'
import { tellOtherRules } from './rules-story.ts'
import type { Scene } from './scene.ts'
import { bringing, both, buy, byShop, delivered, hour, paidBack, sold, unpaid, type Ordered, type Story } from './story.ts'

/** Seller and courier do their part of one order, and its buyer has it. */
async function bring(scene: Scene, { id, shopId }: Ordered): Promise<void> {
  await scene.seller(shopId, 'acceptOrder', { orderId: id })
  await scene.heal()
  await scene.courier([{ id }], bringing)
  await scene.buyerDoes('confirmReceipt', { orderId: id })
}

const lessThanDue = 1_000

/** Both orders are paid in cash: one is brought, the other one comes back. The courier's statement is short, and the market bears the rest. */
async function atTheDoor(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene, { paymentMethod: 'COD' })
  scene.acknowledged.paidCheckoutIds.push(checkoutId)
  const orders = byShop(scene, await scene.orders(checkoutId))
  const [brought, other] = orders
  const [cash] = (await saleOf(scene, orders, { paidBy: 'COD' })).orders as [Bought, Bought]
  for (const { id, shopId } of orders) await scene.seller(shopId, 'acceptOrder', { orderId: id })
  await scene.heal()
  await scene.courier([brought], bringing)
  await scene.courier([other], ['picked', 'return_in_transit', 'returned'])
  await scene.buyerDoes('confirmReceipt', { orderId: brought.id })
  const { dueId, trackingNumber } = await cashOf(scene, brought)
  const lines = [
    { kind: 'COD', trackingNumber, amount: totalOf(cash) - lessThanDue },
    { kind: 'SHIPPING', trackingNumber, amount: cash.shipping },
  ]
  const received = totalOf(cash) - cash.shipping - lessThanDue
  const statement = { courierId: 'jne', reference: `JNE ${brought.id}`, received, lines, note: 'Pekan ini.' }
  const by = { domain: 'payments', as: scene.admin } as const
  await scene.does({ ...by, field: 'recordCourierStatement', input: statement })
  await scene.does({ ...by, field: 'writeOffCourierDue', input: { dueId, note: 'Selisih kecil.' } })
  return {
    checkout: 'PAID',
    paidBy: 'COD',
    orders: [sold, { ...paidBack, parcel: 'came back' }],
    besides: {
      BANK: received,
      'COURIER_DEBT:jne': -totalOf(cash),
      'COURIER_PAYABLE:jne': cash.shipping,
      COURIER_COSTS: lessThanDue,
    },
  }
}

/** The cash that a courier has of an order. */
async function cashOf({ world }: Scene, { id }: Ordered): Promise<{ readonly dueId: string; readonly trackingNumber: string }> {
  const sql = `SELECT id AS "dueId", tracking_number AS "trackingNumber" FROM courier_due WHERE order_id = $1 AND kind = 'COD'`
  const [due] = await rowsOf<{ dueId: string; trackingNumber: string }>(world, 'payments', { sql, values: [id] })
  if (!due) throw new Error(`no courier owes the cash of ${id}`)
  return due
}

/** What cannot go back to a virtual account goes onto the buyer's balance, and from there into the same cart again. */
async function fromTheBalance(scene: Scene): Promise<Ending> {
  const { world, buyer, wanted } = scene
  const first = await buy(scene)
  await scene.pay(first)
  for (const { id } of await scene.orders(first)) await scene.buyerDoes('cancelOrder', { orderId: id })
  const cart = await scene.calmly(async () => {
    await fillCart(world, buyer, wanted)
    return (await completeCart(world, buyer))!
  })
  const checkoutId = await buy({ ...scene, cart }, { paymentMethod: 'WALLET' })
  scene.acknowledged.paidCheckoutIds.push(checkoutId)
  const orders = byShop(scene, await scene.orders(checkoutId))
  const before = byShop(scene, await scene.orders(first))
  await bring(scene, orders[0])
  await scene.buyerDoes('cancelOrder', { orderId: orders[1].id })
  const sale = await saleOf(scene, before, {})
  const [brought, calledOff] = sale.orders.map(totalOf) as [number, number]
  const gotBack = (await scene.orders(first)).map(({ id }) => (id === before[0].id ? brought : calledOff))
  return {
    checkout: 'PAID',
    paidBy: 'WALLET',
    orders: [sold, paidBack],
    besides: gains(sale, both(paidBack)),
    statements: [
      {
        of: 'buyer',
        entries: [...gotBack.map((amount) => `REFUND ${amount}`), `PURCHASE ${-(brought + calledOff)}`, `REFUND ${calledOff}`],
      },
    ],
  }
}

const takenOut = { arrives: 10_000, isSentBack: 11_000, comesBackLater: 12_000 }

/** What is on the balance of the other order's shop when its sale is settled. */
function settled(sale: Sale): number {
  const { shopId } = sale.orders[1]!
  return -gains(sale, [unpaid, sold])[`SELLER_BALANCE:${shopId}`]!
}

/** Takes money of a shop out. */
type TakeOut = (amount: number) => Promise<string>

/** A bank account of a shop. */
async function openAccount(scene: Scene, { shopId, owner }: Shop): Promise<TakeOut> {
  const by = { domain: 'payments', as: owner } as const
  const account = { shopId, bank: 'BCA', number: '1234567890', holder: 'Toko Maju' }
  const returns = 'bankAccount { id }'
  const added = await scene.does<{ bankAccount: { id: string } }>({ ...by, field: 'addBankAccount', input: account, returns })
  return async (amount) => {
    const input = { shopId, bankAccountId: added.bankAccount.id, amount }
    const asked = { ...by, field: 'withdraw', input, returns: 'withdrawal { id }' }
    return (await scene.does<{ withdrawal: { id: string } }>(asked)).withdrawal.id
  }
}

/** A shop takes money out three times: it arrives, the bank does not take it, and the bank has had it and sends it back. */
async function takeOut(scene: Scene, ask: TakeOut): Promise<readonly string[]> {
  const { banks } = scene.world
  const send = async (amount: number): Promise<string> => {
    const id = await ask(amount)
    for (let hours = 0; hours < hoursMax && (await isOnItsWay(scene, id)); hours++) await scene.wait(hour)
    return id
  }
  await send(takenOut.arrives)
  banks.areShut = true
  try {
    await send(takenOut.isSentBack)
  } finally {
    banks.areShut = false
  }
  await scene.shopsBank(await send(takenOut.comesBackLater), 'reverse')
  return [
    `WITHDRAWAL ${-takenOut.arrives}`,
    `WITHDRAWAL ${-takenOut.isSentBack}`,
    `WITHDRAWAL_FAILED ${takenOut.isSentBack}`,
    `WITHDRAWAL ${-takenOut.comesBackLater}`,
    `WITHDRAWAL_REVERSED ${takenOut.comesBackLater}`,
  ]
}

/** What is taken out while the provider answers nothing. */
const unheard = 10_500

/** A shop takes money out of which the provider says nothing for longer than it is asked again; an admin finds that it was never sent. */
async function takeOutUnheard(scene: Scene, ask: TakeOut): Promise<readonly string[]> {
  const { banks } = scene.world
  banks.areUnheard = true
  try {
    const input = { withdrawalId: await ask(unheard), finding: 'NOT_SENT', note: 'Tidak ada di Iris' }
    await scene.wait(26 * hour)
    await scene.does({ domain: 'payments', field: 'concludeWithdrawal', as: scene.admin, input, returns: 'withdrawal { id }' })
  } finally {
    banks.areUnheard = false
  }
  return [`WITHDRAWAL ${-unheard}`, `WITHDRAWAL_FAILED ${unheard}`]
}

/** What a shop that has taken money out three times does not have any more. */
const atTheBank = ({ shopId }: Shop): Books => ({
  PROVIDER_CLEARING: -takenOut.arrives,
  [`SELLER_BALANCE:${shopId}`]: takenOut.arrives,
})

/** Who is not heard is asked again within the hour. */
const hoursMax = 4

async function isOnItsWay({ world }: Scene, id: string): Promise<boolean> {
  const [withdrawal] = await rowsOf<{ state: string }>(world, 'payments', {
    sql: 'SELECT state FROM withdrawal WHERE id = $1',
    values: [id],
  })
  return withdrawal?.state === 'REQUESTED' || withdrawal?.state === 'SENT'
}

async function withdrawn(scene: Scene): Promise<Ending> {
  const orders = byShop(scene, await delivered(scene))
  for (const { id } of orders) await scene.buyerDoes('confirmReceipt', { orderId: id })
  const { shop } = scene.wanted[1]![0]
  const sale = await saleOf(scene, orders, { paidBy: 'QRIS' })
  const ask = await openAccount(scene, shop)
  const entries = [...(await takeOut(scene, ask)), ...(await takeOutUnheard(scene, ask))]
  return {
    checkout: 'PAID',
    paidBy: 'QRIS',
    orders: both(sold),
    besides: atTheBank(shop),
    statements: [{ of: shop, entries: [`SETTLEMENT ${settled(sale)}`, ...entries] }],
  }
}

const disputed = { won: 5_000, open: 3_000 }

/**
 * The other provider takes the money, gives it back for a unit that is cancelled before the parcel is asked for and for one after that, and
 * sends what a shop takes out. The buyer's bank disputes two parts of the payment, one of which the market has won.
 */
async function throughXendit(scene: Scene): Promise<Ending> {
  const checkoutId = await buy(scene, { paymentMethod: 'QRIS' })
  await scene.pay(checkoutId)
  const orders = byShop(scene, await scene.orders(checkoutId))
  const [{ id: orderId, shopId }] = orders
  const lessOne = async (note: string) => {
    const input = { orderId, ...(await scene.units(orderId, 1)), reason: 'OUT_OF_STOCK', note }
    await scene.seller(shopId, 'cancelLines', input)
  }
  await lessOne('Sisa dua.')
  for (const order of orders) await scene.seller(order.shopId, 'acceptOrder', { orderId: order.id })
  await scene.heal()
  await lessOne('Sisa satu.')
  await scene.courier(orders, bringing)
  for (const { id } of orders) await scene.buyerDoes('confirmReceipt', { orderId: id })
  await scene.buyersBank(checkoutId, 'dispute', { amount: disputed.won })
  await scene.buyersBank(checkoutId, 'dispute/win')
  await scene.buyersBank(checkoutId, 'dispute', { amount: disputed.open })
  const { shop } = scene.wanted[1]![0]
  const sale = await saleOf(scene, orders, { paidBy: 'QRIS' })
  const entries = await takeOut(scene, await openAccount(scene, shop))
  return {
    checkout: 'PAID',
    paidBy: 'QRIS',
    orders: [{ ...sold, before: [{ units: [1] }, { units: [1] }] }, sold],
    besides: together(atTheBank(shop), { PROVIDER_CLEARING: -disputed.open, PROVIDER_DISPUTES: disputed.open }),
    statements: [{ of: shop, entries: [`SETTLEMENT ${settled(sale)}`, ...entries] }],
  }
}

/** Stories of money that goes other ways than from a buyer through Midtrans to a shop. */
export const moneyStories: readonly Story[] = [
  { name: 'at the door', tell: atTheDoor },
  { name: 'from the balance', tell: fromTheBalance },
  { name: 'withdrawn', tell: withdrawn },
  { name: 'through Xendit', unitsMin: 3, provider: 'xendit', tell: throughXendit },
  { name: 'flash sale', tell: tellFlashSale },
  { name: 'in parts', unitsMin: 3, tell: tellParts },
  { name: 'other rules', tell: tellOtherRules },
]
