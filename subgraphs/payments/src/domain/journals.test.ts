import { minorUnits, sum } from '@pasar/shared/money'
import { describe, expect, it } from 'vitest'
import { accountId } from './chart-of-accounts.ts'
import { captureJournal, disputeJournal, refundJournal, releaseJournal, type Journal } from './journals.ts'

const share = (orderId: string, items: number, shipping: number) => ({
  orderId,
  shopId: 'shp_1',
  buyerId: 'usr_1',
  itemsAmount: minorUnits(items),
  shippingAmount: minorUnits(shipping),
})
const moved = ({ movements }: Journal) =>
  movements.map(({ account, amount, purpose }) => `${accountId(account)} ${amount} ${purpose}`)
const refund = { refundId: 'rfd_1', orderId: 'ord_1', buyerId: 'usr_1', amount: minorUnits(50) }

describe('every journal', () => {
  it.each([
    captureJournal('pay_1', [share('ord_1', 100, 10), share('ord_2', 50, 0)]),
    releaseJournal(share('ord_1', 100, 10)),
    refundJournal({ ...refund, against: 'PROVIDER' }),
    refundJournal({ ...refund, against: 'WALLET' }),
    refundJournal({ ...refund, against: 'DISPUTES' }),
    disputeJournal('tx:200:chargeback', minorUnits(7)),
  ])('balances ($reference)', ({ movements }) => {
    expect(sum(movements.map(({ amount }) => amount))).toBe(0n)
    expect(movements.every(({ amount }) => amount !== 0n)).toBe(true)
  })
  it('holds each order of a payment in an escrow of its own', () => {
    expect(moved(captureJournal('pay_1', [share('ord_1', 100, 10), share('ord_2', 50, 0)]))).toEqual([
      'PROVIDER_CLEARING 160 CAPTURED',
      'ESCROW:ord_1 -100 ITEMS',
      'ESCROW:ord_1 -10 SHIPPING',
      'ESCROW:ord_2 -50 ITEMS',
    ])
  })
  it('releases the items to the seller and the shipping to the courier', () => {
    expect(moved(releaseJournal(share('ord_1', 100, 10)))).toEqual([
      'ESCROW:ord_1 100 SELLER_SHARE',
      'ESCROW:ord_1 10 COURIER_SHARE',
      'SELLER_BALANCE:shp_1 -100 SELLER_SHARE',
      'COURIER_PAYABLE -10 COURIER_SHARE',
    ])
  })
})
