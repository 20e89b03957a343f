import { runCommand } from '@pasar/shared/idempotency'
import { newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/viewer'
import type { UsersContext } from '../context.ts'
import { parseAddress, type AddressParts } from '../domain/address.ts'
import type { AddAddressInput } from '../generated/resolvers.ts'
import { takeAddressPlace } from '../store/accounts.ts'
import { ensureDefaultAddress, insertAddress, setDefaultAddress } from '../store/addresses.ts'

export async function addAddress({ viewer, transaction, clock }: UsersContext, { makeDefault, ...raw }: AddAddressInput) {
  const { accountId } = requireAccount(viewer)
  const parts = parseAddress<AddressParts>(raw)
  if ('code' in parts) return parts
  const key = { id: newId('address'), accountId }
  return runCommand(transaction, async (tx) => {
    // Counting locks the account's row, so what follows has the address book for itself.
    if (!(await takeAddressPlace(tx, accountId))) return problem('TooManyAddresses', { max: limits.addressesMax })
    await insertAddress(tx, { ...key, ...parts, createdAt: clock.now() })
    if (makeDefault) await setDefaultAddress(tx, key)
    else await ensureDefaultAddress(tx, accountId)
    return { __typename: 'AddAddressSuccess', addressId: key.id } as const
  })
}
