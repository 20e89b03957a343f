import { runKeyed } from '@pasar/shared/idempotency'
import { newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { NotSignedIn, problem } from '@pasar/shared/problems'
import { sendWithin } from '@pasar/shared/postgres/statement'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import { parseAddress, type AddressParts } from '../domain/address.ts'
import type { AddAddressInput } from '../generated/resolvers.ts'
import { findAccount } from '../store/accounts.ts'
import { insertAddress, setDefaultAddress, type NewAddress } from '../store/addresses.ts'
import type { Tx } from '../store/database.ts'

export async function addAddress(ctx: UsersContext, { makeDefault, idempotencyKey: key, ...raw }: AddAddressInput) {
  const { accountId } = requireAccount(ctx.viewer)
  const parts = parseAddress<AddressParts>(raw)
  if ('code' in parts) return parts
  const address = { id: newId('address'), accountId, ...parts, createdAt: ctx.clock.now() }
  if (key == null && !makeDefault) return addOne(ctx, address)
  const attempt = { scope: 'addAddress', actor: accountId, key, input: { ...parts, makeDefault } }
  const added = await runKeyed(ctx, attempt, (tx) => addWithin(tx, address, makeDefault))
  if ('code' in added) return added
  // What a key has added may have been removed since.
  const { addressId } = added
  return (await ctx.loaders.addressById.load(addressId)) ? added : problem('AddressNotFound', { addressId })
}

/** Why there is no place for it: the book is full, or a token has outlived its account. */
async function noPlace(db: Tx, accountId: string) {
  if (!(await findAccount(db, accountId))) throw new NotSignedIn()
  return problem('TooManyAddresses', { max: limits.addressesMax })
}

const success = (addressId: string) => ({ __typename: 'AddAddressSuccess', addressId }) as const

async function addOne({ db, send, loaders }: UsersContext, address: NewAddress) {
  const added = await insertAddress(send, address)
  if (!added) return noPlace(db, address.accountId)
  loaders.addressById.clear(added.id).prime(added.id, added)
  return success(added.id)
}

/** The one that was the default steps back first. */
async function addWithin(tx: Tx, address: NewAddress, makeDefault: boolean) {
  if (!(await insertAddress(sendWithin(tx), address))) return noPlace(tx, address.accountId)
  if (makeDefault) await setDefaultAddress(tx, { id: address.id, accountId: address.accountId })
  return success(address.id)
}
