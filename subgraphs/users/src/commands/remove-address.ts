import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import type { RemoveAddressInput } from '../generated/resolvers.ts'
import { freeAddressPlace } from '../store/accounts.ts'
import { deleteAddress, ensureDefaultAddress, lockAddressBook } from '../store/addresses.ts'

export async function removeAddress({ viewer, transaction }: UsersContext, { addressId }: RemoveAddressInput) {
  const { accountId } = requireAccount(viewer)
  const id = idParser('address')(addressId, 'addressId')
  return runCommand(transaction, async (tx) => {
    await lockAddressBook(tx, accountId)
    if (!(await deleteAddress(tx, { id, accountId }))) return problem('AddressNotFound', { addressId })
    await freeAddressPlace(tx, accountId)
    await ensureDefaultAddress(tx, accountId)
    return { __typename: 'RemoveAddressSuccess', addressId, accountId } as const
  })
}
