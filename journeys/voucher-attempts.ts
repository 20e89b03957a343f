import { newId } from '@pasar/shared/ids'
import type { TestMarket } from './market.ts'
import { act, type TestShop } from './people.ts'
import type { Scene } from './scene.ts'

let vouchers = 0

/** What a seller sends for Rp10.000 off, ten times, once for each buyer. */
export const newVoucher = ({ clock }: Pick<TestMarket, 'clock'>, { shopId }: Pick<TestShop, 'shopId'>, change: object = {}) => ({
  shopId,
  code: `HEMAT${(vouchers += 1)}`,
  amount: 10_000,
  minimumSpend: 20_000,
  uses: 10,
  endsAt: new Date(clock.now().getTime() + 30 * 86_400_000).toISOString(),
  idempotencyKey: newId('movement'),
  ...change,
})

const createVoucher: Scene = async (test, cast) => {
  const { idempotencyKey: _, ...input } = newVoucher(test, cast)
  return { by: cast.owner, input, returns: 'voucher { id code state }', other: { ...input, uses: 11 } }
}

const endVoucher: Scene = async (test, cast) => {
  const { voucher } = await act<{ voucher: { id: string } }>(cast.owner.client, 'createVoucher', {
    input: newVoucher(test, cast),
    returns: 'voucher { id }',
  })
  const input = { voucherId: voucher.id }
  return { by: cast.owner, input, returns: 'voucher { id state version }', other: { ...input, expectedVersion: 99 } }
}

/** How each mutation of vouchers comes to be sent. */
export const voucherScenes: Readonly<Record<string, Scene>> = { createVoucher, endVoucher }
