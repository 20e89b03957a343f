import { runCommand } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import { parseAddress } from '../domain/address.ts'
import type { ChangeAddressInput } from '../generated/resolvers.ts'
import { updateAddress } from '../store/addresses.ts'

export async function changeAddress({ viewer, transaction }: UsersContext, { addressId, ...raw }: ChangeAddressInput) {
  const { accountId } = requireAccount(viewer)
  const key = { id: idParser('address')(addressId, 'addressId'), accountId }
  const parts = parseAddress(raw)
  if ('code' in parts) return parts
  return runCommand(transaction, async (tx) => {
    if (!(await updateAddress(tx, key, parts))) return problem('AddressNotFound', { addressId })
    return { __typename: 'ChangeAddressSuccess', addressId } as const
  })
}
