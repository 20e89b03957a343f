import { runCommand } from '@pasar/shared/idempotency'
import { newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import { sendWithin } from '@pasar/shared/statement'
import { requireAccount } from '@pasar/shared/viewer'
import type { UsersContext } from '../context.ts'
import { parseAddress, type AddressParts } from '../domain/address.ts'
import type { AddAddressInput } from '../generated/resolvers.ts'
import { insertAddress, setDefaultAddress, type NewAddress } from '../store/addresses.ts'

export async function addAddress(ctx: UsersContext, { makeDefault, ...raw }: AddAddressInput) {
  const { accountId } = requireAccount(ctx.viewer)
  const parts = parseAddress<AddressParts>(raw)
  if ('code' in parts) return parts
  const address = { id: newId('address'), accountId, ...parts, createdAt: ctx.clock.now() }
  return makeDefault ? addDefault(ctx, address) : addOne(ctx, address)
}

const full = () => problem('TooManyAddresses', { max: limits.addressesMax })

const success = (addressId: string) => ({ __typename: 'AddAddressSuccess', addressId }) as const

async function addOne({ send, loaders }: UsersContext, address: NewAddress) {
  const added = await insertAddress(send, address)
  if (!added) return full()
  loaders.addressById.clear(added.id).prime(added.id, added)
  return success(added.id)
}

/** The one that was the default steps back first. */
const addDefault = ({ transaction }: UsersContext, address: NewAddress) =>
  runCommand(transaction, async (tx) => {
    if (!(await insertAddress(sendWithin(tx), address))) return full()
    await setDefaultAddress(tx, { id: address.id, accountId: address.accountId })
    return success(address.id)
  })
