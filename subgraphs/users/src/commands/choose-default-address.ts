import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import type { ChooseDefaultAddressInput } from '../generated/resolvers.ts'
import { lockAddressBook, setDefaultAddress } from '../store/addresses.ts'

export async function chooseDefaultAddress({ viewer, transaction }: UsersContext, { addressId }: ChooseDefaultAddressInput) {
  const { accountId } = requireAccount(viewer)
  const id = idParser('address')(addressId, 'addressId')
  return runCommand(transaction, async (tx) => {
    await lockAddressBook(tx, accountId)
    if (!(await setDefaultAddress(tx, { id, accountId }))) return problem('AddressNotFound', { addressId })
    return { __typename: 'ChooseDefaultAddressSuccess', addressId } as const
  })
}
