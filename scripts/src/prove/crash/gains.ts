import { sharesOfGoods, splitOver, sumOf } from '../charges.ts'
import type { Books } from './books.ts'
import { whatWentBack, type Bought, type Fate, type WentBack } from './fates.ts'
import { commissionOn, feeOf, taxOf, type Rules } from './rules.ts'

/** Where the money of each way to pay comes from, and where it goes back to: a virtual account cannot be paid back. */
const ways = {
  BCA_VA: { from: 'PROVIDER_CLEARING', backTo: 'BUYER_WALLET' },
  QRIS: { from: 'PROVIDER_CLEARING', backTo: 'PROVIDER_CLEARING' },
  WALLET: { from: 'BUYER_WALLET', backTo: 'BUYER_WALLET' },
  // What is not delivered is never collected.
  COD: { from: 'COURIER_RECEIVABLE', backTo: 'COURIER_RECEIVABLE' },
} as const

/** A way to pay. */
export type Method = keyof typeof ways

/** What a buyer has bought and pays at once. */
export interface Sale {
  readonly buyerId: string
  readonly paidBy: Method
  readonly courierId: string
  readonly rules: Rules
  readonly orders: readonly Bought[]
}

/** What several things have brought onto the accounts. */
export function together(...all: readonly Books[]): Books {
  const sums = new Map<string, number>()
  for (const books of all)
    for (const [account, amount] of Object.entries(books)) sums.set(account, (sums.get(account) ?? 0) + amount)
  return Object.fromEntries([...sums].filter(([, amount]) => amount !== 0))
}

/** A debit here, and a credit there. */
const moved = (debit: string, credit: string, amount: number): Books => together({ [debit]: amount }, { [credit]: -amount })

/** What an order costs its buyer. */
export const totalOf = ({ lines, discount, shipping }: Bought): number =>
  sumOf(lines.map(({ price, quantity }) => price * quantity)) - discount + shipping

/**
 * What each account must have gained, debits positive, when a sale's orders have ended so: to the rupiah, by the published rules
 * (docs/payments.md, docs/after-sales.md, docs/vouchers.md) and without the market's code. What shops have and what they owe is one account.
 */
export function gains(sale: Sale, fates: readonly Fate[]): Books {
  const totals = sale.orders.map(totalOf)
  const fees = splitOver(feeOf(sale.rules, sale.paidBy, sumOf(totals)), totals)
  return together(
    ...sale.orders.flatMap((order, place) => {
      const fate = fates[place]!
      return fate.money === 'never came' ? [] : ofOrder(sale, { order, fate, fee: fees[place]! })
    }),
  )
}

interface Ended {
  readonly sale: Sale
  readonly order: Bought
  readonly fate: Fate
  readonly fee: number
  readonly back: WentBack
}

const ofBuyer = ({ buyerId }: Sale, account: string) => (account === 'BUYER_WALLET' ? `${account}:${buyerId}` : account)

function ofOrder(sale: Sale, { order, fate, fee }: Pick<Ended, 'order' | 'fate' | 'fee'>): readonly Books[] {
  const back = whatWentBack(order, fate)
  const ended = { sale, order, fate, fee, back }
  const { from, backTo } = ways[sale.paidBy]
  return [
    moved(ofBuyer(sale, from), 'ESCROW', totalOf(order)),
    moved('ESCROW', ofBuyer(sale, backTo), sumOf(back.refunds)),
    ...(fate.money === 'released' ? [released(ended)] : []),
    ...ofParcels(ended),
  ]
}

/** What is left goes to whom it belongs; the courier has earned all of the way, so that its seller bears what went back of it later. */
function released({ sale: { rules }, order: { shopId, lines }, fee, back: { left, lateShipping } }: Ended): Books {
  const categories = new Map(lines.map(({ path }) => [path.at(-1)!, path]))
  const goods = [...categories].map(([category, path]) => ({
    amount: sumOf(left.lines.filter(({ line }) => line.path.at(-1) === category).map(({ money }) => money)),
    basisPoints: commissionOn(rules, shopId, path),
  }))
  const shares = sharesOfGoods({ goods, fee, ...taxOf(rules, shopId) })
  return {
    ESCROW: left.goods + left.shipping,
    [`SELLER_BALANCE:${shopId}`]: lateShipping - shares.seller,
    COMMISSION: -shares.commission,
    PAYMENT_FEE: -shares.fee,
    VAT_PAYABLE: -shares.vat,
    INCOME_TAX_PAYABLE: -shares.incomeTax,
    COURIER_COSTS: -(left.shipping + lateShipping),
  }
}

/** What couriers earn, collect and owe by what became of an order's parcels. */
function ofParcels({ sale, order, fate: { parcel, wayBackBorneBy }, back }: Ended): readonly Books[] {
  const { shopId, shipping, wayBack } = order
  const accounts = { seller: `SELLER_BALANCE:${shopId}`, market: 'COURIER_COSTS' } as const
  const [payable, debt] = [`COURIER_PAYABLE:${sale.courierId}`, `COURIER_DEBT:${sale.courierId}`]
  const cash = totalOf(order) - sumOf(back.refunds)
  const collected = sale.paidBy === 'COD' ? [moved(debt, 'COURIER_RECEIVABLE', cash)] : []
  const ends = {
    brought: [moved(accounts.market, payable, shipping), ...collected],
    'came back': [moved(accounts.market, payable, 2 * shipping)],
    lost: [moved(debt, accounts.seller, back.sent), moved(debt, accounts.market, shipping)],
  }
  return [...(parcel ? ends[parcel] : []), ...(wayBackBorneBy ? [moved(accounts[wayBackBorneBy], payable, wayBack)] : [])]
}
