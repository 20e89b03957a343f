import { minorUnits, sum } from '@pasar/shared/money'
import { describe, expect, it } from 'vitest'
import { accountId, providerClearing } from './chart-of-accounts.ts'
import {
  captureJournal,
  disputeJournal,
  refundJournal,
  refundPaidJournal,
  refundReroutedJournal,
  releaseJournal,
  type Journal,
} from './journals.ts'
import type { Terms } from './terms.ts'

const share = (orderId: string, items: number, shipping: number) => ({
  orderId,
  shopId: 'shp_1',
  buyerId: 'usr_1',
  itemsAmount: minorUnits(items),
  shippingAmount: minorUnits(shipping),
})
const none = minorUnits(0)
const free: Terms = { commission: [], paymentFee: none, incomeTaxExempt: true, vatRegistered: false }
const charged: Terms = {
  commission: [{ categoryId: null, amount: minorUnits(100_000), basisPoints: 500 }],
  paymentFee: minorUnits(4_000),
  incomeTaxExempt: false,
  vatRegistered: false,
}
const moved = ({ movements }: Journal) =>
  movements.map(({ account, amount, purpose }) => `${accountId(account)} ${amount} ${purpose}`)
const refund = { refundId: 'rfd_1', orderId: 'ord_1', buyerId: 'usr_1', amount: minorUnits(50), disputed: none }

describe('every journal', () => {
  it.each([
    captureJournal('pay_1', [share('ord_1', 100, 10), share('ord_2', 50, 0)], providerClearing),
    releaseJournal({ ...share('ord_1', 100, 10), terms: free }, none),
    releaseJournal({ ...share('ord_1', 99_999, 10), terms: charged }, none),
    refundPaidJournal({ ...refund, against: 'PROVIDER' }),
    refundReroutedJournal({ ...refund, against: 'PROVIDER' }, { ...refund, disputed: minorUnits(20), against: 'WALLET' }),
    refundJournal({ ...refund, against: 'PROVIDER' }),
    refundJournal({ ...refund, against: 'WALLET' }),
    refundJournal({ ...refund, disputed: minorUnits(20), against: 'PROVIDER' }),
    refundJournal({ ...refund, disputed: minorUnits(50), against: 'DISPUTES' }),
    disputeJournal('tx:200:chargeback', minorUnits(7)),
  ])('balances ($reference)', ({ movements }) => {
    expect(sum(movements.map(({ amount }) => amount))).toBe(0n)
    expect(movements.every(({ amount }) => amount !== 0n)).toBe(true)
  })
  it('holds each order of a payment in an escrow of its own', () => {
    expect(moved(captureJournal('pay_1', [share('ord_1', 100, 10), share('ord_2', 50, 0)], providerClearing))).toEqual([
      'PROVIDER_CLEARING 160 CAPTURED',
      'ESCROW:ord_1 -100 ITEMS',
      'ESCROW:ord_1 -10 SHIPPING',
      'ESCROW:ord_2 -50 ITEMS',
    ])
  })
  it('releases the items to the seller and the shipping to the courier', () => {
    expect(moved(releaseJournal({ ...share('ord_1', 100, 10), terms: free }, none))).toEqual([
      'ESCROW:ord_1 100 SELLER_SHARE',
      'SELLER_BALANCE:shp_1 -100 SELLER_SHARE',
      'ESCROW:ord_1 10 COURIER_SHARE',
      'COURIER_COSTS -10 COURIER_SHARE',
    ])
  })
  it('charges the seller commission, the cost of the payment, PPN on both and PPh 22', () => {
    const credits = moved(releaseJournal({ ...share('ord_1', 100_000, 10), terms: charged }, none)).filter((row) =>
      row.includes(' -'),
    )
    expect(credits).toEqual([
      'SELLER_BALANCE:shp_1 -89510 SELLER_SHARE',
      'COURIER_COSTS -10 COURIER_SHARE',
      'COMMISSION -5000 COMMISSION',
      'PAYMENT_FEE -4000 PAYMENT_FEE',
      'VAT_PAYABLE -990 VAT',
      'INCOME_TAX_PAYABLE -500 INCOME_TAX',
    ])
  })
})
